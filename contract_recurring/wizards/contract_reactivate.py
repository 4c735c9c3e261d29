from odoo import api, fields, models


class ContractReactivate(models.TransientModel):
    """Asks from which day on a cancelled contract is in force again."""

    _name = "contract.reactivate"
    _inherit = "contract.change.wizard"
    _description = "Reactivate a Contract"

    date = fields.Date(
        string="First Day of Service",
        default=lambda self: self._default_date(),
        help=None,
    )
    is_loyalty_restarted = fields.Boolean(string="Begin the Loyalty Term Again")

    def _default_date(self):
        """Return today, or the day after the last one in force."""
        contract = self.env["contract.contract"].browse(
            self.env.context.get("active_id")
        )
        today = fields.Date.context_today(self)
        last_day = contract.terminate_date or contract.date_end
        return max(today, fields.Date.add(last_day, days=1)) if last_day else today

    @api.depends("is_loyalty_restarted")
    def _compute_preview(self):
        return super()._compute_preview()

    def _apply(self, contract):
        contract._reactivate(self.date, self.is_loyalty_restarted, self.reason)
