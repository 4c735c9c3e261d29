from odoo import models


class ContractRelease(models.TransientModel):
    """Lifts what was restricted by hand."""

    _name = "contract.release"
    _inherit = "contract.service.wizard"
    _description = "Release a Contract"

    def _is_complete(self):
        return bool(self.reason)

    def _apply(self, contract, day):
        contract._release_service(self.reason, day)
