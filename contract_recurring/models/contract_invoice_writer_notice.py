from odoo import api, models


class ContractInvoiceWriter(models.AbstractModel):
    """What is billed goes to the customer by itself, where a company wants it."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _invoice(self, charges, invoice_date):
        moves = super()._invoice(charges, invoice_date)
        moves.sudo()._queue_billed_notices()
        return moves
