from odoo import models


class ContractWithdrawUnlock(models.TransientModel):
    """Takes a trust unlock back before its last day."""

    _name = "contract.withdraw.unlock"
    _inherit = "contract.service.wizard"
    _description = "Withdraw a Trust Unlock"

    def _is_complete(self):
        return bool(self.reason)

    def _apply(self, contract, day):
        contract._withdraw_trust_unlock(day, self.reason)
