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

        Nothing is sent: issuing only counts and calculates.
        """
        moves = super()._invoice(charges, invoice_date)
        with_boleto = moves.filtered(
            lambda move: move.collection_account_id.is_mass and move._needs_boleto()
        )
        self.env["collection.title"]._issue(with_boleto, invoice_date)
        return moves
