from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..const import REGISTERED_BACKENDS
from ..tools.occurrences import describe, describe_reason


class CollectionEvent(models.Model):
    """Events in the words of an office."""

    _inherit = "collection.event"

    occurrence_text = fields.Char(
        string="What the Bank Said", compute="_compute_occurrence_text"
    )
    story = fields.Char(string="What Became of It", compute="_compute_story")

    # === THE BANK'S WORDS ===

    @api.depends("occurrence", "reasons", "account_id.layout", "account_id.bank")
    def _compute_occurrence_text(self):
        for event in self:
            bank, layout = event._get_code_table()
            text = describe(bank, layout, event.occurrence) or event.occurrence
            reasons = event._get_reason_texts()
            event.occurrence_text = f"{text}: {', '.join(reasons)}" if reasons else text

    def _get_code_table(self):
        """Return bank and layout of the table that has the event's codes."""
        self.ensure_one()
        account = self.account_id
        if account.backend == "cnab_debit":
            return "febraban", "150"
        return account.bank, account.layout or "cnab400"

    def _get_reason_texts(self):
        """Return the bank's reasons in words; a code nobody explains stays a code.

        Where none is explained they may be a sentence of the bank (Inter).
        """
        self.ensure_one()
        bank, layout = self._get_code_table()
        codes = (self.reasons or "").split()
        texts = [describe_reason(bank, layout, self.occurrence, code) for code in codes]
        if not any(texts):
            return [self.reasons] if codes else []
        return [text or code for text, code in zip(texts, codes, strict=True)]

    def _get_reason_text(self):
        return ", ".join(self._get_reason_texts()) or self.occurrence_text

    # === OUR WORDS ===

    @api.depends(
        "outcome", "state", "message", "paid", "title_id", "looked_on", "resolution"
    )
    @api.depends_context("lang")
    def _compute_story(self):
        for event in self:
            event.story = event._tell()

    def _tell(self):
        """Return what became of the event, in one sentence."""
        self.ensure_one()
        if self.state == "failed":
            return self.message
        if not self.outcome:
            return self.env._("Not settled yet.")
        tell = getattr(self, f"_tell_{self.resolution or self.outcome}", None)
        words = tell() if tell else self.occurrence_text
        if self._is_credit_used():
            words = f"{words} {self._tell_credit_used()}"
        if self._has_odd_credit():
            words = f"{words} {self._tell_odd_credit()}"
        if self._get_odd_days():
            words = f"{words} {self._tell_odd_days()}"
        return words

    def _get_names(self):
        """Return what the sentences name."""
        title = self.title_id
        return {
            "title": self._get_title_words(),
            "customer": title.partner_id.name or "?",
            "invoice": self.sudo().move_id.name or "?",
            "paid": self._format(self.paid),
            "day": format_date(self.env, self._get_day()),
        }

    def _is_registered_first(self):
        """Say if customers pay it themselves; from others the bank takes the money."""
        return self.sudo().account_id.backend in REGISTERED_BACKENDS

    def _get_title_words(self):
        """Return what was to be paid, boleto, debit or Pix, and its number."""
        title = self.title_id
        number = title.nosso_numero_full or title.txid or self.nosso_numero or self.txid
        kinds = {
            "cnab_debit": self.env._("debit"),
            "pix_automatic": "Pix Automático",
            "pix_api": "Pix",
        }
        kind = kinds.get(self.sudo().account_id.backend)
        if kind:
            number = title.document_number or number
        return f"{kind or 'boleto'} {number or self.document_number or '?'}"

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _tell_settled(self):
        if self.currency_id.is_zero(self.concession_amount):
            return self.env._(
                "The %(title)s of %(customer)s was paid on %(day)s: %(paid)s.",
                **self._get_names(),
            )
        return self.env._(
            "The %(title)s of %(customer)s was paid on %(day)s: %(paid)s; "
            "%(granted)s were granted.",
            **self._get_names(),
            granted=self._format(self.concession_amount),
        )

    def _tell_partial(self):
        return self.env._(
            "The %(title)s of %(customer)s was paid in part: %(paid)s of "
            "%(amount)s. %(invoice)s stays open.",
            **self._get_names(),
            amount=self._format(self.title_id.amount),
        )

    def _tell_surplus(self):
        return self.env._(
            "The %(title)s of %(customer)s was paid with %(paid)s: %(credit)s too "
            "much became a credit.",
            **self._get_names(),
            credit=self._format(self.credit_amount),
        )

    def _tell_second_payment(self):
        return self.env._(
            "The %(title)s of %(customer)s was paid twice: %(paid)s became a credit.",
            **self._get_names(),
        )

    def _tell_renegotiated(self):
        return self.env._(
            "The %(title)s of %(customer)s was paid, but %(invoice)s was "
            "renegotiated: %(paid)s became a credit. Put it to an instalment.",
            **self._get_names(),
        )

    def _tell_broken_agreement(self):
        return self.env._(
            "The %(title)s of %(customer)s is an instalment of %(agreement)s, which "
            "is not in force any more: %(used)s paid what was renegotiated, %(credit)s "
            "became a credit.",
            **self._get_names(),
            agreement=self.sudo().move_id.agreement_id.name,
            used=self._format(self.applied_amount),
            credit=self._format(self.credit_amount),
        )

    def _tell_after_cancel(self):
        return self.env._(
            "The %(title)s of %(customer)s was paid after it was cancelled or "
            "written off: %(paid)s wait in suspense.",
            **self._get_names(),
        )

    def _tell_unknown_title(self):
        if not self.paid:
            return self.env._(
                "The bank tells of the %(title)s, which is none of this account.",
                **self._get_names(),
            )
        return self.env._(
            "Nobody knows the %(title)s: the %(paid)s paid on %(day)s wait in "
            "suspense.",
            **self._get_names(),
        )

    def _tell_no_amount(self):
        return self.env._(
            "The bank says that the %(title)s of %(customer)s was paid, but not how "
            "much. Nothing was posted: ask the bank.",
            **self._get_names(),
        )

    def _tell_returned(self):
        return self.env._(
            "%(paid)s of the %(title)s of %(customer)s went back on %(day)s: the "
            "payment was undone and %(invoice)s is open again as far as it was paid "
            "with it.",
            **self._get_names(),
        )

    def _tell_unmatched_return(self):
        return self.env._(
            "%(paid)s went back on %(day)s for a payment nobody knows (%(title)s): "
            "they wait in suspense.",
            **self._get_names(),
        )

    def _tell_fee(self):
        return self.env._("The bank took a fee of %(fee)s.", fee=self._format(self.fee))

    def _tell_registered(self):
        return self.env._("The %(title)s is registered.", **self._get_names())

    def _tell_rejected(self):
        if not self._is_registered_first():
            return self.env._(
                "The %(title)s of %(customer)s was not made: %(reason)s.",
                **self._get_names(),
                reason=self._get_reason_text(),
            )
        return self.env._(
            "The bank refused to register the %(title)s of %(customer)s: "
            "%(reason)s. Correct this and issue another.",
            **self._get_names(),
            reason=self._get_reason_text(),
        )

    def _tell_refused(self):
        return self.env._(
            "The bank refused what it was asked for the %(title)s of %(customer)s: "
            "%(reason)s.",
            **self._get_names(),
            reason=self._get_reason_text(),
        )

    def _tell_written_off(self):
        if not self._is_registered_first():
            return self.env._(
                "The bank ended the %(title)s of %(customer)s: it takes no money for "
                "it any more.",
                **self._get_names(),
            )
        return self.env._(
            "The bank wrote off the %(title)s of %(customer)s: it can be paid no more.",
            **self._get_names(),
        )

    def _tell_protested(self):
        return self.env._(
            "The %(title)s of %(customer)s was protested.", **self._get_names()
        )

    def _tell_unknown_occurrence(self):
        if self._is_held():
            return self.env._(
                "Nobody knows what the bank means by “%(occurrence)s” and %(paid)s for "
                "the %(title)s. Nothing was posted: ask the bank and, if it is a "
                "payment, press “Post This Payment”.",
                **self._get_names(),
                occurrence=self.occurrence_text,
            )
        return self.env._(
            "Nobody knows what the bank means by “%(occurrence)s” for the "
            "%(title)s. Nothing was posted: ask the bank.",
            **self._get_names(),
            occurrence=self.occurrence_text,
        )

    def _tell_odd_credit(self):
        return self.env._(
            "The bank credited %(net)s of %(paid)s and names a fee of %(fee)s: ask it "
            "about the difference.",
            net=self._format(self._get_credited()),
            paid=self._format(self.paid),
            fee=self._format(self.fee),
        )
