from odoo import models


class AccountMove(models.Model):
    """The layout an invoice of contracts prints in."""

    _inherit = "account.move"

    def _get_invoice_layout(self):
        """Return the layout of the nearest level, empty for the plain invoice."""
        self.ensure_one()
        contract = self.sudo().contract_charge_ids.contract_id[:1]
        return contract._get_invoice_layout().with_context(lang=self.env.lang)

    def _get_amounts_by_contract(self):
        """Return (contract, plan, amount before taxes) of each contract billed."""
        self.ensure_one()
        amounts = {}
        for line in self._get_billing_lines():
            contract = line.sudo().contract_charge_ids.contract_id[:1]
            amounts[contract] = amounts.get(contract, 0.0) + line.price_subtotal
        return [
            (contract.code or "", contract.contract_template_id.name or "", amount)
            for contract, amount in amounts.items()
        ]
