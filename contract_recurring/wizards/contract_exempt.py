from odoo import api, fields, models


class ContractExempt(models.TransientModel):
    """Exempts a contract from charges for some days (*isentar*, S004-37)."""

    _name = "contract.exempt"
    _inherit = "contract.change.wizard"
    _description = "Exempt a Contract"

    date_to = fields.Date(string="Until")

    @api.depends("date_to")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.date_to)

    def _apply(self, contract):
        today = fields.Date.context_today(self)
        contract._exempt(self.date, self.date_to, today, reason=self.reason)
