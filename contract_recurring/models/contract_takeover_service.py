from odoo import models


class ContractContract(models.Model):
    """Contracts in force elsewhere have their service here at once."""

    _inherit = "contract.contract"

    def _take_over(self):
        result = super()._take_over()
        self._refresh_service_today()
        return result
