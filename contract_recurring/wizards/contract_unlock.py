from odoo import models


class ContractUnlock(models.TransientModel):
    """Gives service back for some days on a promise to pay."""

    _name = "contract.unlock"
    _inherit = "contract.service.wizard"
    _description = "Unlock a Contract on Trust"

    def _apply(self, contract, day):
        contract._trust_unlock(day, "staff", self.reason)
