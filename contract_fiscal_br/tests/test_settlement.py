from datetime import date

from odoo.tests import freeze_time, tagged

from .settle_common import SettleCase


@tagged("post_install", "-at_install")
class TestSettlement(SettleCase):
    """Every payment finds its invoice, to the cent."""

    def test_payment_pays_its_invoice(self):
        event = self._settle(self._paid(self.title))
        self.assertEqual((event.state, event.outcome), ("done", "settled"))
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self.title.state, "paid")
        self.assertEqual(event.applied_amount, 99.90)
        self.assertFalse(event.to_look)

    def test_invoice_tells_which_line_paid_it(self):
        event = self._settle(self._paid(self.title))
        receivable = self.move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        payer = receivable.matched_credit_ids.credit_move_id
        self.assertEqual(payer.collection_event_id, event)
        self.assertEqual(payer.partner_id, self.partner)
        self.assertIn(self.move.name, payer.name)

    def test_told_again_nothing_is_posted(self):
        self._settle(self._paid(self.title))
        before = self.env["account.move.line"].search_count([])
        self.assertFalse(self._settle(self._paid(self.title)))
        self.assertEqual(self.env["account.move.line"].search_count([]), before)

    def test_settling_twice_posts_once(self):
        event = self._settle(self._paid(self.title))
        event._settle()
        self.assertEqual(len(event.posted_line_ids), 1)

    def test_fee_kept_back_is_an_expense(self):
        # 99,90 paid, 2,50 kept back: the statement shows 97,40
        event = self._settle(self._paid(self.title, fee=2.50, net=97.40))
        money = self.bank_journal.default_account_id
        receivable = event.posted_line_ids.account_id
        self.assertEqual(
            self._get_lines(event),
            [
                (receivable, -99.90),
                (self.account.fee_account_id, 2.50),
                (money, 97.40),
            ],
        )
        self.assertFalse(event.needs_look)

    def test_fee_debited_apart_has_its_own_line(self):
        event = self._settle(self._paid(self.title, fee=2.50, net=99.90))
        money = self.bank_journal.default_account_id
        self.assertEqual(
            [pair for pair in self._get_lines(event) if pair[0] == money],
            [(money, -2.50), (money, 99.90)],
        )

    def test_bank_that_credits_less_than_it_owes_is_looked_at(self):
        event = self._settle(self._paid(self.title, fee=2.50, net=90.00))
        self.assertEqual(event.outcome, "settled")
        self.assertTrue(event.to_look)
        self.assertEqual(self._get_balance(self.account.fee_account_id), 9.90)

    def test_fee_without_a_payment(self):
        event = self._settle(self._tell("fee", self.title, date(2026, 3, 10), fee=1.75))
        money = self.bank_journal.default_account_id
        self.assertEqual((event.outcome, event.to_look), ("fee", False))
        self.assertEqual(self._get_balance(self.account.fee_account_id), 1.75)
        # 99,90 of February less the fee
        self.assertEqual(self._get_balance(money), 98.15)

    def test_one_entry_for_each_date_of_credit(self):
        other = self._create_contract(
            date(2026, 2, 10),
            partner=self._create_customer("João", vat="123.456.789-09"),
        )
        self._bill_month(date(2026, 2, 1))
        title = other.charge_ids.move_id.collection_title_ids
        events = self._settle(
            self._paid(self.title, credit_date=date(2026, 3, 11)),
            self._paid(title, credit_date=date(2026, 3, 11)),
            self._paid("999", credit_date=date(2026, 3, 12)),
        )
        entries = events.posted_line_ids.move_id
        self.assertEqual(
            sorted(entries.mapped("date")), [date(2026, 3, 11), date(2026, 3, 12)]
        )
        money = self.bank_journal.default_account_id
        first = entries.filtered(lambda move: move.date == date(2026, 3, 11))
        self.assertEqual(
            first.line_ids.filtered(lambda line: line.account_id == money).balance,
            199.80,
        )

    def test_paid_on_the_last_day_is_in_time_whenever_credited(self):
        self._settle(self._paid(self.title, credit_date=date(2026, 3, 13)))
        self.assertFalse(self.move.late_charge_ids)

    # === LATE ===

    def test_late_payment_with_fine_and_interest_settles_both(self):
        # 15 days: fine 2 % of 99,90 = 2,00; interest 99,90 × 1 %/30 × 15 = 0,50
        event = self._settle(
            self._paid(self.title, date(2026, 3, 25), 102.40, fine=2.00, interest=0.50)
        )
        late = self.move.late_charge_ids.move_id
        self.assertEqual((late.amount_total, late.payment_state), (2.50, "paid"))
        self.assertEqual((event.outcome, event.credit_amount), ("settled", 0.0))
        self.assertFalse(late.collection_title_ids)

    def test_late_payment_of_the_amount_alone_leaves_the_late_invoice_open(self):
        event = self._settle(self._paid(self.title, date(2026, 3, 25)))
        late = self.move.late_charge_ids.move_id
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual((late.amount_total, late.payment_state), (2.50, "not_paid"))
        self.assertEqual(late.collection_title_ids.amount, 2.50)
        self.assertEqual(event.outcome, "settled")

    def test_cents_the_bank_did_not_ask_for_are_forgone(self):
        # the bank rounds interest of a day: 0,03 × 15 = 0,45; the contract has 0,50
        event = self._settle(
            self._paid(self.title, date(2026, 3, 25), 102.35, fine=2.00, interest=0.45)
        )
        late = self.move.late_charge_ids.move_id
        self.assertEqual((late.amount_total, late.payment_state), (2.50, "paid"))
        self.assertEqual(event.concession_amount, 0.05)
        self.assertEqual(self._get_balance(self.account.discount_account_id), 0.05)
        self.assertFalse(event.to_look)

    def test_more_than_cents_are_not_forgone(self):
        self.account.late_tolerance = 0.04
        self._settle(self._paid(self.title, date(2026, 3, 25), 102.35))
        late = self.move.late_charge_ids.move_id
        self.assertEqual((late.amount_residual, late.payment_state), (0.05, "partial"))

    def test_cents_too_much_become_a_credit_without_a_flag(self):
        event = self._settle(self._paid(self.title, date(2026, 3, 25), 102.60))
        self.assertEqual((event.outcome, event.credit_amount), ("surplus", 0.20))
        self.assertFalse(event.to_look)
        self.assertEqual(self._get_credit(), 0.20)

    def test_fine_and_interest_on_the_next_invoice_use_what_was_paid(self):
        self.company.late_charge_policy = "next_invoice"
        event = self._settle(self._paid(self.title, date(2026, 3, 25), 102.40))
        self.assertEqual((event.outcome, event.credit_amount), ("surplus", 2.50))
        with freeze_time("2026-04-01"):
            self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        # 99,90 + 2,50 less the 2,50 paid already
        self.assertEqual((april.amount_total, april.amount_residual), (102.40, 99.90))
        self.assertEqual(april.collection_title_ids.amount, 99.90)

    def test_due_on_a_day_without_banks_is_paid_on_the_next(self):
        # 10/05/2026 is a Sunday
        for month in (4, 5):
            self._bill_month(date(2026, month, 1))
        may = self._find_move(date(2026, 5, 10))
        self._settle(self._paid(may.collection_title_ids, date(2026, 5, 11)))
        self.assertFalse(may.late_charge_ids)

    # === DISCOUNTS ===

    def test_discount_is_taken_as_granted(self):
        self.title._instruct("discount", amount=5.0, date_limit=date(2026, 3, 10))
        self.title.instruction_ids.filtered(
            lambda i: i.kind == "discount"
        ).state = "confirmed"
        event = self._settle(self._paid(self.title, paid=94.90, discount=5.00))
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual((event.outcome, event.concession_amount), ("settled", 5.0))
        self.assertEqual(self._get_balance(self.account.discount_account_id), 5.0)

    def test_discount_nobody_granted_leaves_the_rest_open(self):
        event = self._settle(self._paid(self.title, paid=94.90, discount=5.00))
        self.assertEqual(self.move.amount_residual, 5.0)
        self.assertEqual(event.outcome, "partial")
        self.assertTrue(event.to_look)

    def test_discount_after_its_last_day_is_not_granted(self):
        self.title._instruct("discount", amount=5.0, date_limit=date(2026, 3, 5))
        self.title.instruction_ids.filtered(
            lambda i: i.kind == "discount"
        ).state = "confirmed"
        self._settle(self._paid(self.title, paid=94.90, discount=5.00))
        self.assertEqual(self.move.amount_residual, 5.0)

    # === PARTS, TWICE, TOO MUCH ===

    def test_part_is_put_to_the_invoice_which_stays_open(self):
        event = self._settle(self._paid(self.title, paid=40.00))
        self.assertEqual(
            (self.move.payment_state, self.move.amount_residual), ("partial", 59.90)
        )
        self.assertEqual(event.outcome, "partial")
        self.assertTrue(event.to_look)
        self.assertTrue(self.move._needs_boleto())

    def test_second_payment_becomes_a_credit(self):
        first, second = self._settle(
            self._paid(self.title), self._paid(self.title, date(2026, 3, 11))
        )
        self.assertEqual((first.outcome, second.outcome), ("settled", "second_payment"))
        self.assertEqual((second.credit_amount, second.applied_amount), (99.90, 0.0))
        self.assertTrue(second.to_look)
        self.assertEqual(self._get_credit(), 99.90)

    def test_credit_pays_the_next_invoice(self):
        self._settle(self._paid(self.title), self._paid(self.title))
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        self.assertEqual(april.payment_state, "paid")
        self.assertFalse(april.collection_title_ids)
        self.assertEqual(self._get_credit(), 0.0)

    def test_credit_to_be_paid_back_is_left_alone(self):
        events = self._settle(self._paid(self.title), self._paid(self.title))
        events.is_credit_kept = True
        self._bill_month(date(2026, 4, 1))
        self.assertEqual(self._find_move(date(2026, 4, 10)).amount_residual, 99.90)

    def test_too_much_becomes_a_credit(self):
        event = self._settle(self._paid(self.title, paid=150.00))
        self.assertEqual((event.outcome, event.credit_amount), ("surplus", 50.10))
        self.assertTrue(event.to_look)

    def test_invoice_paid_otherwise_before_the_bank_knew(self):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({"payment_date": date(2026, 3, 9)})._create_payments()
        self.assertEqual(self.title.state, "cancelled")
        event = self._settle(self._paid(self.title))
        self.assertEqual(event.outcome, "after_cancel")

    def test_title_the_bank_knows_is_written_off_once_paid_otherwise(self):
        self.title.state = "registered"
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({"payment_date": date(2026, 3, 9)})._create_payments()
        self.assertEqual(self.title.state, "registered")
        self.assertEqual(
            self.title.instruction_ids.filtered(lambda i: i.state == "pending").mapped(
                "kind"
            ),
            ["write_off"],
        )
        event = self._settle(self._paid(self.title))
        self.assertEqual(event.outcome, "second_payment")

    # === NOBODY'S ===

    def test_unknown_number_waits_in_suspense(self):
        event = self._settle(self._paid("987654"))
        self.assertEqual(event.outcome, "unknown_title")
        self.assertTrue(event.to_look)
        self.assertEqual(event.suspense_amount, 99.90)
        self.assertEqual(self._get_balance(self.account.suspense_account_id), -99.90)

    def test_cancelled_title_waits_in_suspense(self):
        self.title.state = "cancelled"
        event = self._settle(self._paid(self.title))
        self.assertEqual((event.outcome, event.to_look), ("after_cancel", True))
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assertEqual(self.title.state, "cancelled")

    def test_written_off_title_waits_in_suspense(self):
        self.title.state = "registered"
        self._settle(self._tell("written_off", self.title, date(2026, 3, 9)))
        event = self._settle(self._paid(self.title))
        self.assertEqual(event.outcome, "after_cancel")

    def test_cancelled_invoice_waits_in_suspense(self):
        self.move.button_cancel()
        event = self._settle(self._paid(self.title))
        self.assertEqual(event.outcome, "after_cancel")
        self.assertEqual(event.suspense_amount, 99.90)

    def test_payment_without_an_amount_posts_nothing(self):
        event = self._settle(self._paid(self.title, paid=0))
        self.assertEqual((event.outcome, event.to_look), ("no_amount", True))
        self.assertFalse(event.posted_line_ids)

    def test_unknown_occurrence_is_kept_and_posts_nothing(self):
        """Whatever its columns have: nobody knows what the bank means by them."""
        entries = self.env["account.move"].search_count([])
        amounts = {"amount": 99.90, "paid": 99.90, "net": 97.80, "fee": 2.10}
        event = self._settle(
            self._tell("unknown", self.title, date(2026, 3, 10), **amounts)
        )
        self.assertEqual(self.env["account.move"].search_count([]), entries)
        self.assertEqual((event.outcome, event.to_look), ("unknown_occurrence", True))
        self.assertFalse(event.posted_line_ids)
        self.assertEqual(self.title.state, "to_register")
