from odoo import api, fields, models


class ContractGiveBonus(models.TransientModel):
    """Keeps a contract from being blocked for some days (S004-35)."""

    _name = "contract.give.bonus"
    _inherit = "contract.change.wizard"
    _description = "Give a Contract a Bonus Period"

    until = fields.Date(required=True, help="Last day on which it is not blocked.")

    @api.depends("until")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.until)

    def _apply(self, contract):
        today = fields.Date.context_today(self)
        contract._grant_bonus(self.until, today, reason=self.reason)
