from odoo import models


class ContractContract(models.Model):
    """How a contract is paid: its own way, its plan's, or the company's (S004-16)."""

    _inherit = "contract.contract"

    def _get_payment_mode(self):
        """Return the payment mode of the next invoice."""
        return self._get_agreed_payment_mode()

    def _get_agreed_payment_mode(self):
        """Return the payment mode that was agreed: the nearest wins."""
        self.ensure_one()
        return (
            self.payment_mode_id
            or self.contract_template_id.payment_mode_id
            or self.company_id.contract_payment_mode_id
        )
