from odoo import models


class AccountMove(models.Model):
    """An invoice as customers receive it."""

    _inherit = "account.move"

    def _get_notice_documents(self):
        """Return the attachments that go out with an invoice: its PDF."""
        self.ensure_one()
        if self.invoice_pdf_report_id:
            return self.invoice_pdf_report_id
        return self.env["account.move.send"]._generate_and_send_invoices(
            self, sending_methods=[]
        )
