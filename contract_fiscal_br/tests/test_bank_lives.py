import os
from datetime import date

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..const import LIVE_STATES
from .bank_lives_bank import BankSteps
from .bank_lives_office import OfficeSteps
from .settle_common import SettleCase

LIVES_VARIABLE = "CONTRACT_RANDOM_LIVES"
FIRST_DAY = date(2026, 3, 11)

lot = st.integers(0, 999)
STEPS = (
    "pay pay pay_what_it_asks pay_what_it_asks pay_again pay_again say_other_way"
    " say_all_again give_back register write_off answer reject"
    " bill renegotiate break_agreement cancel_agreement merge undo_merge regenerate"
    " second_copy change_due_date change_amount discount close"
    " pay_by_hand credit find_invoice undo post_held refund refund_answer wait wait"
    " unknown other_account issue hand_over bounce"
).split()


@tagged("post_install", "-at_install")
class TestBankLives(BankSteps, OfficeSteps, SettleCase):
    """Two customers, two banks, some months: whatever offices do to invoices while
    banks tell of old and new boletos, each cent is where somebody finds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_journal = cls.env["account.journal"].create(
            {"name": "Sicoob", "code": "BCO2", "type": "bank"}
        )
        cls.other_account = cls._create_account("756", journal_id=cls.other_journal.id)
        cls.account.write({"is_refund_account": True, "refund_agreement": "1"})
        cls.other_mode = cls._create_payment_mode(cls.other_account)
        cls.joana = cls._create_customer("Joana Prado")
        second = cls._create_contract(date(2026, 2, 10), partner=cls.partner)
        hers = cls._create_contract(
            date(2026, 2, 10), partner=cls.joana, payment_mode_id=cls.other_mode.id
        )
        cls.contracts = cls.contract | second | hers
        cls._bill_month(date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.accounts = {}
        for account in (cls.account, cls.other_account):
            cls.accounts[account] = {
                "fee": account._get_fee_account(),
                "granted": account._get_discount_account(),
                "suspense": account._get_suspense_account(),
                "money": account.journal_id.default_account_id,
            }
        cls.reason = cls.env.ref("contract_recurring.terminate_reason_moved")
        cls.pix = cls.env["res.partner.pix"].create(
            [
                {"partner_id": p.id, "key_type": "email", "key": f"{p.id}@example.com"}
                for p in (cls.partner, cls.joana)
            ]
        )
        cls.boss = cls._create_user("boss", "group_contract_manager")

    @given(
        story=st.lists(st.tuples(st.sampled_from(STEPS), lot), min_size=12, max_size=30)
    )
    @settings(
        max_examples=int(os.environ.get(LIVES_VARIABLE, 5)),
        deadline=None,
        derandomize=LIVES_VARIABLE not in os.environ,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def test_every_cent_is_found(self, story):
        self._tell_story(story)

    def _tell_story(self, story):
        with self.env.cr.savepoint() as savepoint:
            self._begin()
            for name, number in story:
                with freeze_time(f"{self.day} 15:00:00"):
                    getattr(self, f"_step_{name}")(number)
                    self._check()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _begin(self):
        self.day = FIRST_DAY
        self.facts = {account: [] for account in self.accounts}
        self.events = self.env["collection.event"]
        self.known = self.env["collection.event"].search([])
        self.before = self._read_books()
        self.refunds = self.env["customer.refund"]
        self.payments = self.env["account.payment"]
        for title in self._get_titles():
            title.state = "registered" if title.state != "paid" else "paid"
            title.instruction_ids.state = "confirmed"

    # === WHAT THERE IS ===

    def _get_moves(self):
        charges = self.contracts.charge_ids
        return self.env["account.move"].search(
            [
                ("partner_id", "in", (self.partner | self.joana).ids),
                ("move_type", "=", "out_invoice"),
            ],
            order="id",
        ) | charges.move_id.filtered(lambda m: m.move_type == "out_invoice")

    def _get_open(self):
        return self._get_moves().filtered(lambda m: m._is_to_be_collected())

    def _get_titles(self):
        return (
            self.env["collection.title"]
            .search([], order="id")
            .filtered(lambda t: t.account_id in self.accounts)
        )

    def _pick(self, records, number):
        return records[number % len(records)] if records else records

    def _try(self, step):
        """Return whether a step was taken; a refusal leaves nothing behind."""
        try:
            with self.env.cr.savepoint():
                step()
        except UserError as refusal:
            if type(refusal) is not UserError:
                raise
            note(f"    refused: {refusal}")
            self.env.invalidate_all()
            return False
        return True

    # === WHAT ALWAYS HOLDS ===

    def _check(self):
        self.env.flush_all()
        self._check_states()
        self._check_books()
        self._check_outcomes()
        self._check_titles()
        self._check_customers()
        self._check_ledger()

    def _check_states(self):
        for event in self.events:
            if event.state == "failed":
                self.assertTrue(event.to_look)
                self.assertRegex(event.message, "being paid back")
            elif event.state == "pending":
                self.assertEqual(event.kind, "returned")

    def _check_books(self):
        """Of each bank: its money and fees are what it told, and no more."""
        moved = self._read_books()
        for account, before in self.before.items():
            done = self.events.filtered(
                lambda e, a=account: e.state == "done" and e.account_id == a
            )
            paid = done.filtered(lambda e: e.kind == "paid")
            returned = done.filtered(lambda e: e.kind == "returned")
            fee = sum(done.filtered(lambda e: e.kind in ("paid", "fee")).mapped("fee"))
            money = sum(paid.mapped("paid")) - sum(returned.mapped("paid")) - fee
            now = moved[account]
            self.assertAlmostEqual(now["money"] - before["money"], money, 2)
            self.assertAlmostEqual(now["fee"] - before["fee"], fee, 2)
            standing = paid.filtered(lambda e: e._get_kept_paid())
            granted = sum(standing.mapped("concession_amount"))
            self.assertAlmostEqual(now["granted"] - before["granted"], granted, 2)

    def _read_books(self):
        own = self.env["account.move.line"]
        books = {}
        for account, accounts in self.accounts.items():
            books[account] = {}
            for name, found in accounts.items():
                lines = own.search(
                    [
                        ("account_id", "=", found.id),
                        ("parent_state", "=", "posted"),
                        ("move_id.origin_payment_id", "=", False),
                        ("journal_id", "=", account.journal_id.id),
                    ]
                )
                books[account][name] = round(sum(lines.mapped("balance")), 2)
        return books

    def _check_outcomes(self):
        """Each payment tells where its money went, and pays its own customer."""
        for event in self.events.filtered(lambda e: e.state == "done" and e.paid):
            if event.kind != "paid":
                if event.kind != "returned":
                    self.assertTrue(event.to_look and event._is_held(), event.story)
                continue
            landed = event.applied_amount + event.credit_amount
            landed += event.suspense_amount - event.concession_amount
            self.assertAlmostEqual(landed, event.paid, 2, event.story)
            self._check_right_customer(event)
            if event.credit_amount > event.account_id.late_tolerance:
                self.assertTrue(event.needs_look, event.story)
            if event.suspense_amount:
                self.assertTrue(event.needs_look, event.story)

    def _check_right_customer(self, event):
        if event.resolution_partner_id or not event.title_id:
            return
        lines = event.posted_line_ids.filtered("is_collection_receivable")
        owner = event.title_id.partner_id
        self.assertLessEqual(lines.partner_id, owner, event.story)
        self.assertLessEqual(lines.matched_debit_ids.debit_move_id.partner_id, owner)

    def _check_titles(self):
        """No invoice is collected twice, or for more than it asks."""
        for move in self._get_moves():
            live = move.collection_title_ids.filtered(
                lambda t: t.state in LIVE_STATES and not t.withdrawal
            )
            self.assertLessEqual(len(live), 1)
            if not move._is_to_be_collected():
                told = live._filter_paid_at_bank()
                self.assertFalse(live - told, f"{move.name} {move.payment_state}")
        for title in self._get_titles():
            self._check_paid_twice(title)

    def _check_paid_twice(self, title):
        """What came for a title beyond its invoice is seen by somebody."""
        paid = title.event_ids.filtered(
            lambda e: e.state == "done" and e.kind == "paid" and e._get_kept_paid() > 0
        )
        if len(paid) > 1 and title.move_id.payment_state != "partial":
            self.assertTrue(any(paid.mapped("needs_look")), title.id)

    def _check_customers(self):
        for move in self._get_moves():
            if move.state == "posted":
                self.assertGreaterEqual(move.amount_residual, 0.0)
            facts = move._read_late_facts()
            wrong = move._get_wrong_late_charges(facts.get(move))
            self.assertFalse(wrong, f"{move.name}: {wrong.mapped('label')}")
            again = move._refresh_late_charges(self.day)
            self.assertFalse(again, f"{move.name}: {again.mapped('label')}")
        agreed = self.company.agreement_account_id
        if agreed:
            self.assertEqual(self._get_balance(agreed), 0.0)

    def _check_ledger(self):
        charges = self.contracts.charge_ids.filtered(lambda c: c.state == "billed")
        for charge in charges:
            self.assertEqual(charge.move_line_id.move_id, charge.move_id)
            self.assertNotEqual(charge.move_id.state, "cancel", charge.label)
            self.assertAlmostEqual(charge.amount, -charge.move_line_id.balance, 2)
