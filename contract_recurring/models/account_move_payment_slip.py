from odoo import models


class AccountMove(models.Model):
    """How an invoice can be paid: a neutral word that addons of payment fill in."""

    _inherit = "account.move"

    def _get_payment_slips(self):
        """Return how the customer can pay this invoice now.

        Nothing is issued here. Whoever may see the invoice may see its slips.

        :return: list of dicts: `kind` (boleto, pix, debit), `digitable_line`,
            `barcode` (44 digits), `pix` (copy and paste), `pix_is_static` (pays the
            key and does not settle the slip by itself), `due_date`, `amount` in the
            invoice's currency, `title` (the record behind it) and `file_name`
            (empty where there is nothing to print); texts are empty where they do
            not apply
        """
        self.ensure_one()
        return []

    def _get_payment_slip_waits(self):
        """Return what cannot be paid yet: {invoice: why}, in one go for all.

        Why is one of `contract.notice.wait_reason`; who is missing waits for nothing.
        """
        return {}

    def _get_payment_slip_files(self):
        """Return the slips to print: list of dicts `name`, `raw` and `mimetype`."""
        self.ensure_one()
        return []
