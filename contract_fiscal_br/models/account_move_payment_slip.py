from odoo import models


class AccountMove(models.Model):
    """The slips of an invoice are its current titles (`_get_payment_slips`)."""

    _inherit = "account.move"

    def _get_payment_slips(self):
        slips = super()._get_payment_slips()
        titles = self._get_current_titles()
        return slips + [title._get_payment_slip() for title in titles]

    def _get_payment_slip_files(self):
        files = super()._get_payment_slip_files()
        return files + [
            {
                "name": title._get_file_name(),
                "raw": title._render_pdf(),
                "mimetype": "application/pdf",
            }
            for title in self._get_current_titles()
            if title._is_printable()
        ]

    def _get_current_titles(self):
        """Return the titles this invoice is to be paid by; who sees it may know."""
        self.ensure_one()
        return self.sudo().collection_title_ids.filtered(
            lambda title: title._is_current()
        )
