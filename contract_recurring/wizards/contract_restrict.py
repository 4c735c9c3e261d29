from odoo import api, fields, models


class ContractRestrict(models.TransientModel):
    """Reduces or blocks a contract by hand (S004-05, 07)."""

    _name = "contract.restrict"
    _inherit = "contract.service.wizard"
    _description = "Restrict a Contract by Hand"

    level = fields.Selection(
        [("reduced", "Reduce"), ("blocked", "Block")],
        string="What to Do",
        default="blocked",
        required=True,
    )

    @api.depends("level")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.level and self.reason)

    def _apply(self, contract, day):
        contract._restrict_service(self.level, self.reason, day)
