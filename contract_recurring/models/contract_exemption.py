from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractExemption(models.Model):
    """Days of a contract that are not charged (*isenção*)."""

    _name = "contract.exemption"
    _description = "Contract Exemption"
    _order = "date_from desc"
    _rec_name = "reason"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    reason = fields.Char()

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The exemption ends before it begins."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An exemption is never deleted."))
