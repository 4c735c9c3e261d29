from odoo import models
from odoo.exceptions import UserError

from .collection_title_slip import SLIP_KINDS

# The browser waits while they are drawn, up to 70 ms each with a QR code, and a
# worker of Odoo has two minutes.
MOST_PRINTED = 500


class CollectionTitle(models.Model):
    """Printing chosen titles, and what is said instead of a paper nobody may pay."""

    _inherit = "collection.title"

    def action_print(self):
        """Download the boletos of the titles as one PDF.

        :raise UserError: what keeps all of them, or one of those that can be printed,
            from it; said before the download begins
        """
        titles = self._filter_printable()
        self._check_printed(titles)
        return {
            "type": "ir.actions.act_url",
            "url": f"/contract_fiscal_br/boleto/{','.join(map(str, titles.ids))}",
            "target": "download",
        }

    def _filter_printable(self):
        """Return the titles that can be paid, or were.

        A paper of one that was rejected or taken back would be paid in vain.
        """
        return self.filtered(
            lambda title: (
                title._is_printable() and (title._is_current() or title.state == "paid")
            )
        )

    def _check_printed(self, titles):
        if not titles:
            raise UserError(self._get_unprintable_words())
        if len(titles) > MOST_PRINTED:
            raise UserError(
                self.env._(
                    "%(count)s boletos are too many to print at once. Choose "
                    "%(most)s at most.",
                    count=len(titles),
                    most=MOST_PRINTED,
                )
            )
        for title in titles.filtered("barcode"):
            title._get_slip_context()

    def _get_unprintable_words(self):
        waiting = self.filtered(
            lambda title: title._is_current() and not title._is_debit()
        )
        if waiting:
            return waiting[0]._get_unregistered_words()
        return self.env._(
            "There is nothing to print: a direct debit has no paper, and a boleto that "
            "was rejected, cancelled, written off or taken back must not be paid. "
            "Issue another for the invoice."
        )

    def _is_debit(self):
        return SLIP_KINDS.get(self.account_id.backend) == "debit"
