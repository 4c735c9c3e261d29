from odoo import models


class ContractDebtAgreement(models.Model):
    """The service follows the agreement in the transaction of the payment."""

    _inherit = "contract.debt.agreement"

    def _change_state(self, state, day, reason=None):
        result = super()._change_state(state, day, reason)
        self.contract_ids._refresh_service_state(day)
        return result
