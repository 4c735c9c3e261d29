from odoo import api, models


class ContractInvoiceWriter(models.AbstractModel):
    """What an earlier credit note gave back is taken off the invoices that follow."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _invoice(self, charges, invoice_date):
        moves = super()._invoice(charges, invoice_date)
        self._use_credits(charges.contract_id, moves)
        return moves

    @api.model
    def _use_credits(self, contracts, moves):
        """Reconcile new invoices with open credit notes of the same contract."""
        credits = contracts._get_open_credit_notes()
        if not credits:
            return
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        for invoice in invoices.sorted(lambda move: (move.invoice_date_due, move.id)):
            for contract in invoice.contract_charge_ids.contract_id:
                if contract in credits:
                    invoice._take_off(credits[contract])
