from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .settle_common import SettleCase

DUE = date(2026, 3, 10)
LATE = date(2026, 3, 25)


@tagged("post_install", "-at_install")
class TestPostingByHand(SettleCase):
    """What was posted by hand is held back again: nothing is left of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("hand-clerk", "group_contract_billing")
        cls.reader = cls._create_user("hand-reader", "group_contract_reader")

    def _hold(self, title=None, day=DUE, paid=99.90, **values):
        """Return money of a code that nobody knows."""
        told = self._tell("unknown", title or self.title, day, paid=paid, **values)
        return self._settle(told)

    def _read_books(self):
        """Return what the books say of accounts, invoice and title."""
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        balances = {
            account: round(sum(same.mapped("balance")), 2)
            for account, same in lines.grouped("account_id").items()
        }
        return (
            {account: balance for account, balance in balances.items() if balance},
            (self.move.payment_state, self.move.amount_residual),
            (self.title.state, self.title.amount, self.title.withdrawal),
            self.title.instruction_ids.sorted("id").mapped("state"),
            self._get_credit(),
        )

    def _post_and_undo(self, event):
        mine = event.with_user(self.clerk)
        mine.action_post_payment()
        self.assertEqual(event.kind, "paid")
        mine.action_undo()

    def test_undone_books_invoice_and_title_are_as_before(self):
        event = self._hold(fee=2.00, net=97.90)
        before = self._read_books()
        self._post_and_undo(event)
        self.assertEqual(self._read_books(), before)
        self.assertEqual(
            (event.kind, event.outcome, event.to_look, event.is_held),
            ("unknown", "unknown_occurrence", True, True),
        )
        self.assertIn("Post This Payment", event.story)

    def test_what_the_bank_was_to_be_asked_is_asked_again(self):
        self._settle(self._tell("registered", self.title, date(2026, 3, 2)))
        self.title._change("change_due_date", due_date=date(2026, 3, 20))
        event = self._hold()
        before = self._read_books()
        self.assertEqual(before[3], ["confirmed", "pending"])
        self._post_and_undo(event)
        self.assertEqual(self._read_books(), before)

    def test_fine_and_interest_of_what_was_posted_are_undone(self):
        # 2 % of 99,90 and 15 days of 1 % a month: 2,00 + 0,50
        event = self._hold(day=LATE, paid=102.40)
        before = self._read_books()
        self._post_and_undo(event)
        self.assertEqual(self._read_books(), before)
        self.assertFalse(self.move._get_live_late_charges())

    def test_second_payment_told_again_is_held_again(self):
        self._settle(self._paid(self.title, date(2026, 3, 9), external_id="E1"))
        event = self._settle(self._paid(self.title, date(2026, 3, 11)))
        self.assertEqual(event.outcome, "told_again")
        before = self._read_books()
        self._post_and_undo(event)
        self.assertEqual(self._read_books(), before)
        self.assertEqual((event.kind, event.outcome), ("other", "told_again"))
        self.assertEqual((self.title.state, event.delay_days), ("paid", 0))

    def test_posted_again_after_undoing_it_pays_once(self):
        event = self._hold()
        self._post_and_undo(event)
        event.with_user(self.clerk).action_post_payment()
        self.assertEqual((event.outcome, self.move.payment_state), ("settled", "paid"))
        self.assertEqual(self._get_credit(), 0.0)
        before = self._get_balance(self.bank_journal.default_account_id)
        event.with_user(self.clerk).action_undo()
        money = self._get_balance(self.bank_journal.default_account_id)
        self.assertEqual(before - money, 99.90)

    def test_what_was_done_last_is_undone_first(self):
        self._settle(self._tell("registered", self.title, date(2026, 3, 2)))
        event = self._hold("987654")
        before = self._read_books()
        event.with_user(self.clerk).action_post_payment()
        event._apply(self.partner, self.move)
        self.assertEqual(self.move.payment_state, "paid")
        event.with_user(self.clerk).action_undo()
        self.assertEqual(event.suspense_amount, 99.90)
        self.assertEqual(self.move.payment_state, "not_paid")
        event.with_user(self.clerk).action_undo()
        # the write-off that was not asked for yet is in the history alone
        books, invoice, title, _instructions, credit = self._read_books()
        self.assertEqual((books, invoice, title, credit), before[:3] + before[4:])
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            event.with_user(self.clerk).action_undo()

    def test_of_two_posted_together_one_is_undone(self):
        first, second = self._hold(), self._hold("987654", paid=50.00)
        (first | second).with_user(self.clerk).action_post_payment()
        before = self._get_balance(self.account._get_suspense_account())
        first.with_user(self.clerk).action_undo()
        self.assertEqual(self.move.payment_state, "not_paid")
        suspense = self.account._get_suspense_account()
        self.assertEqual(self._get_balance(suspense), before)

    def test_of_a_closed_period_it_is_undone_today(self):
        event = self._hold()
        event.with_user(self.clerk).action_post_payment()
        entry = event.posted_line_ids.move_id
        self.company.sudo().fiscalyear_lock_date = DUE
        event.with_user(self.clerk).action_undo()
        self.assertEqual(entry.reversal_move_ids.date, date(2026, 3, 11))
        self.assertEqual(self.move.payment_state, "not_paid")

    def test_credit_that_is_being_paid_back_is_not_undone(self):
        self._settle(self._paid(self.title, date(2026, 3, 9), external_id="E1"))
        event = self._settle(self._paid(self.title, date(2026, 3, 11)))
        event.with_user(self.clerk).action_post_payment()
        self._approve_refund(event)
        with self.assertRaisesRegex(UserError, "Cancel the refund first"):
            event.with_user(self.clerk).action_undo()

    def test_what_the_bank_took_back_is_not_undone(self):
        event = self._hold()
        event.with_user(self.clerk).action_post_payment()
        self._settle(self._tell("returned", self.title, date(2026, 3, 11), paid=99.90))
        with self.assertRaisesRegex(UserError, "took this payment back"):
            event.with_user(self.clerk).action_undo()

    def test_readers_undo_nothing(self):
        event = self._hold()
        event.with_user(self.clerk).action_post_payment()
        with self.assertRaisesRegex(UserError, "Ask a manager"):
            event.with_user(self.reader).action_undo()
