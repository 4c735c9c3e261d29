from odoo import fields, models
from odoo.exceptions import UserError

# {why money was held: kind of the event until somebody posts it}
HELD_KINDS = {"told_again": "other", "unknown_occurrence": "unknown"}


class CollectionEvent(models.Model):
    """Money that was held back and posted by hand, and the way back."""

    _inherit = "collection.event"

    held_outcome = fields.Selection(
        [
            ("told_again", "Told again"),
            ("unknown_occurrence", "Unknown occurrence"),
        ],
        string="Posted by Hand, Before",
        readonly=True,
        help="Why the payment was held back until somebody posted it.",
    )
    held_title_state = fields.Char(
        string="Boleto Before",
        readonly=True,
        help="State of the boleto before the payment was posted by hand.",
    )
    held_instruction_ids = fields.Many2many(
        "collection.instruction",
        "collection_event_held_instruction_rel",
        string="To Be Asked Before",
        readonly=True,
        help="What the bank was to be asked for before the payment was posted by hand.",
    )

    # === POSTING ===

    def action_post_payment(self):
        """Post what was held: somebody made sure that it is a payment of its own."""
        self._check_may_look()
        held = self.sudo()
        held.lock_for_update(allow_referencing=True)
        if any(not event._is_held() for event in held):
            raise UserError(
                self.env._("Nothing is held back here any more. Reload the page.")
            )
        for event in held:
            event._note_held()
        held._settle()

    def _note_held(self):
        """Make a payment of what was held, and keep how to undo that."""
        self.ensure_one()
        title = self.title_id
        pending = title.instruction_ids.filtered(lambda i: i.state == "pending")
        self.write(
            {
                "held_outcome": self.outcome,
                "held_title_state": title.state,
                "held_instruction_ids": [fields.Command.set(pending.ids)],
                "kind": "paid",
                "state": "pending",
                "outcome": False,
                "needs_look": False,
            }
        )
        self.write(self._prepare_delay(self, title))

    def _get_entry_key(self):
        """Post what was held in an entry of its own, to be undone alone."""
        return (*super()._get_entry_key(), self.held_outcome and self.id)

    # === UNDOING ===

    def _undo_by_hand(self):
        """Undo what was done last: what became of the money, then its posting."""
        if self.resolution or not self.held_outcome:
            return super()._undo_by_hand()
        return self._undo_posting()

    def _undo_posting(self):
        """Hold back again what was posted: invoices, title and books are as before.

        :raise UserError: something else was done with the money since
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        entries = self._get_standing_entries()
        owed = entries.line_ids.matched_debit_ids.debit_move_id.move_id - entries
        self._check_posting_undone(entries)
        for entry in entries:
            self._reverse_posting(entry)
        self._hold_again()
        owed.exists()._follow_titles()
        owed.exists()._issue_wanted_titles(self.company_id._get_local_date())

    def _get_standing_entries(self):
        """Return the entries of the payment that nobody reversed."""
        return self.posted_line_ids.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and not move.reversed_entry_id
                and not move.reversal_move_ids
            )
        )

    def _check_posting_undone(self, entries):
        """Raise where money of the payment was used for more than invoices."""
        if self.returning_ids:
            raise UserError(
                self.env._("The bank took this payment back: nothing is left to undo.")
            )
        lines = entries.line_ids
        lines._check_no_refund([lines])
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        others = (partials.debit_move_id | partials.credit_move_id).move_id - entries
        for entry in others.filtered(lambda move: not move.is_invoice())[:1]:
            raise UserError(
                self.env._(
                    "Money of this payment is matched with %(entry)s. Undo that first.",
                    entry=entry.display_name,
                )
            )

    def _reverse_posting(self, entry):
        """Reverse an entry on its own day, or today where that day is closed."""
        closed = self._get_period_obstacle(self.account_id, entry.date)
        today = self.company_id._get_local_date()
        values = {
            "date": today if closed else entry.date,
            "ref": self.env._("Undone: %(title)s", title=entry.ref or entry.name),
        }
        lines = entry.line_ids.sorted("id")
        reverse = entry._reverse_moves([values], cancel=True)
        told = {"collection_event_id": self.id}
        for line, back in zip(lines, reverse.line_ids.sorted("id"), strict=True):
            if line.collection_event_id:
                back.write(told)
        lines.write(
            {"is_collection_receivable": False, "is_collection_concession": False}
        )

    def _hold_again(self):
        """Put event and title back as they were before the payment was posted."""
        title, state = self.title_id, self.held_title_state
        instructions = self.held_instruction_ids
        outcome = self.held_outcome
        self.write(
            {
                "kind": HELD_KINDS[outcome],
                "state": "done",
                "message": False,
                "outcome": outcome,
                "needs_look": True,
                "delay_days": 0.0,
                "applied_amount": 0.0,
                "credit_amount": 0.0,
                "suspense_amount": 0.0,
                "concession_amount": 0.0,
                "held_outcome": False,
                "held_title_state": False,
                "held_instruction_ids": [fields.Command.clear()],
            }
        )
        # a payment told since paid the boleto after all
        if title.state == "paid" and not title._filter_paid_at_bank():
            title.state = state
            cancelled = instructions.filtered(lambda i: i.state == "cancelled")
            cancelled.state = "pending"
