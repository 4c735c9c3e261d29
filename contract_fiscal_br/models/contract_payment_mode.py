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

    def _get_payer_problems(self):
        """Return what a bank would refuse of who pays these contracts, once each."""
        titles = self.env["collection.title"].sudo()
        problems = []
        for contract in self.sudo():
            account = contract._get_agreed_payment_mode().collection_account_id
            payer = contract.invoice_partner_id or contract.partner_id
            problem = account and titles._get_payer_obstacle(
                payer.commercial_partner_id, account
            )
            if problem:
                problems.append(problem)
        return list(dict.fromkeys(problems))
