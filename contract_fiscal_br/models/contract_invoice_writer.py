from odoo import api, models


class ContractInvoiceWriter(models.AbstractModel):
    """Invoices of contracts are paid as the contract says, with their boletos."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _prepare_move(self, charges, invoice_date):
        values = super()._prepare_move(charges, invoice_date)
        mode = charges.contract_id[:1]._get_payment_mode()
        return values | {"payment_mode_id": mode.id}

    @api.model
    def _invoice(self, charges, invoice_date):
        """Issue the boletos in the transaction that posts the invoices.

        Fine and interest billed with a payment wait: its surplus may pay them.
        """
        moves = super()._invoice(charges, invoice_date)
        if not self.env.context.get("titles_wait_for_surplus"):
            moves._issue_wanted_titles(invoice_date)
        return moves

    @api.model
    def _invoice_together(self, charges, invoice_date):
        moves = super()._invoice_together(charges, invoice_date)
        moves._issue_wanted_titles(invoice_date)
        return moves
