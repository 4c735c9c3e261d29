from decimal import Decimal

from odoo import api, fields, models

from ..tools.late_charge import LateTerms


class ContractContract(models.Model):
    """Fine and interest of a contract; its plan's unless it has its own."""

    _inherit = "contract.contract"

    has_own_late_rates = fields.Boolean(tracking=True)
    late_charge_policy = fields.Selection(tracking=True)
    is_overdue_interest_included = fields.Boolean(tracking=True)

    @api.depends(
        "contract_template_id.late_fee_percent",
        "contract_template_id.late_interest_percent",
    )
    def _compute_late_rates(self):
        return super()._compute_late_rates()

    def _get_next_late_level(self):
        return self.contract_template_id or super()._get_next_late_level()

    def _get_late_terms(self):
        """Return the rates of the contract as a pure value."""
        self.ensure_one()
        return LateTerms(
            Decimal(str(self.late_fee_percent)),
            Decimal(str(self.late_interest_percent)),
            Decimal(str(self.currency_id.rounding or 0.01)),
        )
