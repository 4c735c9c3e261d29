from odoo import models

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day


class CollectionTitle(models.Model):
    """The end of a title that nobody is to pay any more, and its way back.

    What the bank does not know is cancelled at once. What it knows can be paid
    until the bank confirms the write-off: it stays live, marked as taken back, so
    that the invoice may have another title and a late payment still finds it.
    """

    _inherit = "collection.title"

    def _filter_known_to_bank(self):
        """Return the titles of which the bank knows, or may know."""
        asked = self.instruction_ids.filtered(
            lambda instruction: (
                instruction.kind == "register"
                and instruction.state in ("sent", "uncertain", "confirmed")
            )
        )
        told = self.filtered(
            lambda title: title.state in ("sent", "registered", "protested")
        )
        return told | (self & asked.title_id)

    def _filter_paid_at_bank(self):
        """Return the titles of which the bank told a payment, settled or not."""
        if not self:
            return self
        events = self.env["collection.event"].sudo()
        found = events.search_fetch(
            [("title_id", "in", self.ids), ("kind", "=", "paid")], ["title_id"]
        )
        return self & found.title_id

    def _withdraw(self, why, words):
        """Take back the titles that are to be paid no more; safe to repeat.

        :param why: a value of `withdrawal`
        :param words: what the history of the title tells
        """
        current = self.sudo().filtered(lambda title: title._is_current())
        known = current._filter_known_to_bank()
        (current - known)._cancel_unsent()
        known._ask_for_write_off(why)
        current._message_log_batch(bodies=dict.fromkeys(current.ids, words))
        return current

    def _cancel_unsent(self):
        """Cancel titles that the bank does not know, with what it was to be asked."""
        self._cancel_pending_instructions()
        self.write({"state": "cancelled"})

    def _ask_for_write_off(self, why):
        """Ask the bank to write titles off; its word ends them."""
        if not self:
            return
        self._cancel_pending_instructions()
        self.write({"withdrawal": why})
        self._instruct("write_off")

    def _cancel_pending_instructions(self, kinds=None):
        """Cancel what the bank was not asked yet."""
        pending = self.instruction_ids.filtered(
            lambda instruction: (
                instruction.state == "pending"
                and (kinds is None or instruction.kind in kinds)
            )
        )
        pending.sudo().write({"state": "cancelled"})
        return pending

    def _restore(self):
        """Let titles be paid again whose write-off was not asked for yet."""
        pending = self.sudo()._cancel_pending_instructions(("write_off",))
        restored = pending.title_id
        restored.write({"withdrawal": False})
        restored._message_log_batch(
            bodies=dict.fromkeys(
                restored.ids, self.env._("The invoice is open again: it may be paid.")
            )
        )
        return restored

    def _has_due_date_of(self, move):
        """Return whether the title may be paid until the same bank day."""
        self.ensure_one()
        return next_bank_day(self.due_date) == next_bank_day(move.invoice_date_due)

    def _follow_open(self, move):
        """Let the titles of an open invoice ask for what is open."""
        taken_back = self.filtered(
            lambda title: (
                title.withdrawal == "settled"
                and (title.is_updated or title._has_due_date_of(move))
            )
        )
        if taken_back and not move.collection_title_ids.filtered(
            lambda title: title._is_current()
        ):
            taken_back.sorted("id")[-1]._restore()
        for title in self.filtered(lambda title: title._is_current()):
            title._follow_residual(move.amount_residual)
