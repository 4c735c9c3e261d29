from odoo import models

from ..tools.occurrences import describe

# Table F07 of the layout: worth another debit, and those that say that this account
# will never be debited.
RETRY_CODES = ("01", "04", "05", "13", "18")
NEVER_CODES = ("02", "10", "14", "15", "19", "20", "30")


class CollectionEvent(models.Model):
    """A debit the bank did not make is tried again, or becomes a boleto.

    The contract stays as it was: a failed debit is nothing but a bill still open.
    """

    _inherit = "collection.event"

    def _get_reason_text(self):
        if self.title_id.debit_authorization_id:
            return self._get_debit_words()
        return super()._get_reason_text()

    def _follow_failed_debits(self):
        """Go on with the invoices of debits that were refused."""
        for event in self.filtered("title_id.debit_authorization_id"):
            day = event.company_id._get_local_date()
            reason = event._get_debit_words()
            if event.occurrence in NEVER_CODES:
                event._refuse_authorization(day, reason)
            event._collect_failed_debit(day, reason)

    def _get_debit_words(self):
        return describe("febraban", "150", self.occurrence) or self.occurrence

    def _refuse_authorization(self, day, reason):
        """The bank will debit this account no more, so nothing is sent there."""
        authorization = self.title_id.debit_authorization_id
        if authorization.state == "authorised":
            authorization._cancel(day, reason, state="refused", is_bank_told=False)

    def _collect_failed_debit(self, day, reason):
        """Debit the invoice again, or let a boleto collect it; tell the customer."""
        move = self.title_id.move_id
        if not move._needs_boleto():
            # paid meanwhile, or collected by another title already
            return
        account = self.account_id
        if (
            self.occurrence in RETRY_CODES
            and self.title_id.debit_attempt < account.debit_attempts
            and move._get_debit_authorization()
        ):
            self.env["collection.title"]._issue_possible(move, day)
        else:
            move._fall_back_from_debit(day)
        move._tell_failed_charge(f"debit/{self.title_id.id}", reason)
