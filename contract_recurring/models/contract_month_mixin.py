from odoo import api, fields, models


class ContractMonthMixin(models.AbstractModel):
    """A record of a month, which the first day of it stands for."""

    _name = "contract.month.mixin"
    _description = "Of a Month"

    month = fields.Date(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._keep_first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._keep_first_day(vals))

    @api.model
    def _keep_first_day(self, vals):
        if not vals.get("month"):
            return vals
        return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
