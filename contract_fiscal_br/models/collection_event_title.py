from odoo import models

from ..const import CLOSED_STATES, LIVE_STATES, UNREGISTERED_STATES

# What an occurrence confirms or refuses, where a title waits for several answers.
# Codes of FEBRABAN's CNAB 240 (C044, movement of return), which CNAB 400 shares; an
# amount is lowered by a rebate (12).
INSTRUCTION_OF_OCCURRENCE = {
    "07": "discount",
    "12": "change_amount",
    "14": "change_due_date",
    "19": "protest",
    "20": "cancel_protest",
}
# Codes of a remittance of 400 columns, which some banks name in their answer.
INSTRUCTION_OF_COMMAND = {
    "02": "write_off",
    "04": "change_amount",
    "06": "change_due_date",
    "09": "protest",
    "11": "cancel_protest",
    "18": "cancel_protest",
}
WAITING_STATES = ("pending", "sent", "uncertain")


class CollectionEvent(models.Model):
    """Titles and instructions follow what the bank says of them."""

    _inherit = "collection.event"

    # === PIX ===

    def _keep_pix(self):
        """Keep the Pix charge the bank made for a title, whenever it tells of it."""
        for event in self.filtered(lambda event: event.pix_copy_paste):
            event.title_id.pix_copy_paste = event.pix_copy_paste

    # === REGISTRATION ===

    def _settle_registered(self):
        self._answer_instructions("register", "confirmed")
        titles = self.title_id.filtered(lambda t: t.state in UNREGISTERED_STATES)
        titles.state = "registered"
        self.env["contract.notice"]._wake_waiting(titles.move_id)
        self._note_known("registered")

    def _settle_rejected(self):
        """A refused title collects nothing: its invoice needs another one.

        Some banks refuse an instruction by the same code (Banco do Brasil's 03): a
        title that is registered stays so.
        """
        instructed = self.filtered(
            lambda event: (
                event.title_id
                and event.title_id._is_boleto()
                and event.title_id.state not in UNREGISTERED_STATES
            )
        )
        instructed._settle_refused()
        (self - instructed)._settle_not_registered()

    def _settle_not_registered(self):
        self._answer_instructions("register", "refused")
        titles = self.title_id.filtered(lambda t: t.state in UNREGISTERED_STATES)
        titles.state = "rejected"
        self.env["contract.notice"]._wake_waiting(titles.move_id)
        self._note_known("rejected")
        self._follow_failed_debits()

    # === INSTRUCTIONS ===

    def _settle_changed(self):
        for event in self:
            event._get_answered().filtered("title_id")._confirm()
        self._note_known("confirmed")

    def _settle_refused(self):
        for event in self:
            event._get_answered().write(
                {"state": "refused", "message": event._get_reason_text()}
            )
        self._note_known("refused")

    def _get_answered(self):
        """Return the instruction that this event answers: that of its occurrence, or
        else the one that has waited longest."""
        self.ensure_one()
        waiting = self.title_id.instruction_ids.filtered(
            lambda i: i.kind != "register" and i.state in ("sent", "uncertain")
        ).sorted("id")
        answer, _dash, command = self.occurrence.partition("-")
        kind = INSTRUCTION_OF_COMMAND.get(command) or INSTRUCTION_OF_OCCURRENCE.get(
            answer
        )
        return (waiting.filtered(lambda i: i.kind == kind) or waiting)[:1]

    def _answer_instructions(self, kind, state):
        """Write the bank's answer to instructions of one kind."""
        for event in self:
            waiting = event.title_id.instruction_ids.filtered(
                lambda i: i.kind == kind and i.state in WAITING_STATES
            )
            waiting.write(
                {
                    "state": state,
                    "message": state == "refused" and event._get_reason_text(),
                }
            )

    # === THE END OF TITLES ===

    def _settle_written_off(self):
        """A title the bank gave back can no longer be paid; nobody asked for it where
        its days are over, and then the invoice is without one."""
        asked = self._get_titles_asked("write_off")
        self._answer_instructions("write_off", "confirmed")
        self.title_id.filtered(lambda t: t.state in LIVE_STATES).state = "written_off"
        self._note_end("written_off", asked)

    def _settle_protested(self):
        asked = self._get_titles_asked("protest")
        self._answer_instructions("protest", "confirmed")
        self.title_id.filtered(lambda t: t.state in LIVE_STATES).state = "protested"
        self._note_end("protested", asked)

    def _get_titles_asked(self, kind):
        """Return the titles of which the bank was asked for something."""
        asked = self.title_id.instruction_ids.filtered(
            lambda i: i.kind == kind and i.state not in ("refused", "cancelled")
        )
        return asked.title_id

    def _note_end(self, outcome, asked):
        """Note that titles ended; an open invoice whose title the company did not
        give up itself needs a look."""
        for event in self:
            is_open = event.move_id.payment_state in ("not_paid", "partial")
            event._note_outcome(
                outcome,
                needs_look=bool(is_open and event.title_id - asked),
            )

    def _close_titles(self):
        """Mark titles paid: the bank takes no more money for them.

        One paid in part is closed at the bank, too: a boleto is not registered for
        partial payments. Its invoice stays open and gets another.
        """
        titles = self.title_id.filtered(lambda title: title.state not in CLOSED_STATES)
        titles.state = "paid"
        titles._cancel_pending_instructions()

    # === NOTICES ===

    def _settle_noted(self):
        fees = self.filtered(lambda event: event.kind == "fee")
        fees._note_outcome("fee")
        (self - fees)._note_outcome("informational")

    def _settle_unknown(self):
        self._note_outcome("unknown_occurrence")

    def _note_known(self, outcome):
        """Note an outcome; of titles that are not the company's own there is nothing
        to do, as after a change of system."""
        known = self.filtered("title_id")
        known._note_outcome(outcome)
        (self - known)._note_outcome("unknown_title", needs_look=False)
