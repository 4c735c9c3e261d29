from odoo import fields, models


class ContractResume(models.TransientModel):
    """Asks when a suspended contract is in service again, earlier than planned."""

    _name = "contract.resume"
    _inherit = "contract.change.wizard"
    _description = "Return From Suspension"

    suspended_from = fields.Date(related="contract_id.suspended_from")
    suspended_until = fields.Date(related="contract_id.suspended_until")
    date = fields.Date(
        string="First Day of Service",
        default=lambda self: self._default_date(),
        help="On the first day of the suspension: it is withdrawn.",
    )

    def _default_date(self):
        """Return today, or the first day of a suspension still to come."""
        contract = self.env["contract.contract"].browse(
            self.env.context.get("active_id")
        )
        today = fields.Date.context_today(self)
        return max(filter(None, (today, contract.suspended_from)))

    def _apply(self, contract):
        contract._return_from_suspension(self.date)
