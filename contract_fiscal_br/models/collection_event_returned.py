from odoo import fields, models
from odoo.exceptions import LockError


class CollectionEvent(models.Model):
    """Payments that went back: a Pix devolution, a direct debit returned."""

    _inherit = "collection.event"

    returned_event_id = fields.Many2one(
        "collection.event",
        string="Payment Undone",
        readonly=True,
        index="btree_not_null",
        help="The payment that this event takes back, whole or in part.",
    )
    returning_ids = fields.One2many(
        "collection.event", "returned_event_id", string="Taken Back By", readonly=True
    )

    def _settle_returned(self):
        for event in self:
            payment = event._find_returned_payment()
            event.returned_event_id = payment
            if not event.paid:
                event._note_outcome("no_amount")
            elif payment:
                event._undo_payment(payment)
            else:
                event._post_unmatched_return()

    # === WHICH PAYMENT ===

    def _find_returned_payment(self):
        """Return the payment this takes back: of the same Pix, or else the last of the
        title for which this is not too much.

        :raise LockError: it was told but is not settled yet; this waits for it
        """
        self.ensure_one()
        payments = self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("kind", "=", "paid"),
                *self._get_same_title_domain(),
            ],
            order="id desc",
        )
        if payments.filtered(lambda payment: payment.state == "pending"):
            raise LockError(self.env._("The payment is to be settled first."))
        return self._choose_returned_payment(payments)

    def _choose_returned_payment(self, payments):
        possible = payments.filtered(
            lambda payment: (
                payment.state == "done"
                and self.currency_id.compare_amounts(
                    payment._get_kept_paid(), self.paid
                )
                >= 0
            )
        )
        same = possible.filtered(
            lambda payment: payment.external_id and payment.external_id in self.reasons
        )
        return (same or possible)[:1]

    def _get_same_title_domain(self):
        if self.title_id:
            return [("title_id", "=", self.title_id.id)]
        if self.txid:
            return [("txid", "=", self.txid)]
        return [("nosso_numero", "=", self.nosso_numero), ("nosso_numero", "!=", "")]

    def _get_kept_paid(self):
        """Return what of a payment was not taken back yet."""
        self.ensure_one()
        return self.paid - sum(self.returning_ids.mapped("paid"))

    # === UNDOING ===

    def _undo_payment(self, payment):
        """Take the money back from where it is; what is left of it pays again."""
        waiting = self._get_waiting_lines()
        whole = self.currency_id.is_zero(payment._get_kept_paid())
        taken = payment._get_standing_lines(whole)
        owed = taken.matched_debit_ids.debit_move_id
        taken.remove_move_reconcile()
        entry = self._post_return(taken, whole, payment, waiting)
        lines = entry.line_ids.filtered("collection_event_id")
        backs = lines.filtered(lambda line: line.balance > 0).sorted("id")
        for line, back in zip(taken, backs, strict=True):
            (line | back).reconcile()
        if waiting:
            (waiting | (lines - backs)).reconcile()
        still_open = (taken | owed).filtered(lambda line: not line.reconciled)
        if taken & still_open and owed & still_open:
            still_open.reconcile()
        self._reopen_title()
        self._note_outcome("returned", suspense_amount=0.0)

    def _get_standing_lines(self, whole):
        """Return the lines where a payment's money is, what was granted with it, too,
        if all of it goes."""
        self.ensure_one()
        credits = self.posted_line_ids.filtered(lambda line: line.balance < 0)
        granted = credits.filtered("is_collection_concession")
        money = (credits - granted).sorted("id")[-1:]
        return money | granted if whole else money

    def _post_return(self, taken, whole, payment, waiting):
        """Return the entry that takes money, and what was granted, back."""
        lines = [
            {
                "account_id": line.account_id.id,
                "partner_id": line.partner_id.id,
                "name": self.env._("Returned: %(title)s", title=self._get_line_name()),
                "balance": (
                    -line.balance if line.is_collection_concession else self.paid
                ),
                "collection_event_id": self.id,
            }
            for line in taken
        ]
        lines += self._prepare_return_sums(taken, waiting)
        # never before the payment: its day is not closed, for it was posted
        day = max(self._get_entry_date(), payment._get_entry_date())
        return self._post_entries([self._prepare_entry(self.account_id, day, lines)])

    def _prepare_return_sums(self, taken, waiting):
        """Return the lines of the bank, which may take a fee, and of what was
        granted."""
        account = self.account_id
        ref = self._get_entry_ref(account, self._get_entry_date())
        money = account._get_money_account()
        sums = [(waiting.account_id if waiting else money, -self.paid)]
        if self.fee and not waiting:
            sums += [(money, -self.fee), (account._get_fee_account(), self.fee)]
        granted = taken.filtered("is_collection_concession")
        if granted:
            amount = sum(granted.mapped("balance"))
            sums.append((account._get_discount_account(), amount))
        return [
            {
                "account_id": found.id,
                "name": ref,
                "balance": balance,
                "collection_event_id": found in waiting.account_id and self.id,
            }
            for found, balance in sums
        ]

    def _reopen_title(self):
        """Let an invoice that is open again have another title: the bank takes a
        charge that was paid and returned no second time."""
        title = self.title_id
        if title.state == "paid" and self.move_id.payment_state == "not_paid":
            title.state = "cancelled"

    def _post_unmatched_return(self):
        """Money left the bank for a payment that nobody knows: it is looked for."""
        suspense = self.account_id._get_suspense_account()
        ref = self._get_entry_ref(self.account_id, self._get_entry_date())
        line = {
            "account_id": suspense.id,
            "name": self._get_line_name() or ref,
            "balance": self.paid,
            "collection_event_id": self.id,
        }
        none = self.env["account.move.line"]
        lines = [line, *self._prepare_return_sums(none, none)]
        day = self._get_entry_date()
        self._post_entries([self._prepare_entry(self.account_id, day, lines)])
        self._note_outcome("unmatched_return", suspense_amount=-self.paid)
