from datetime import date

from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .late_common import LateCase

LOGGER = "odoo.addons.contract_recurring.models.contract_charge_late_billing"


@tagged("contract_recurring", "post_install", "-at_install")
class TestLatePayment(LateCase):
    """Fine and interest follow the payments, whatever comes when."""

    def test_payment_in_time_costs_nothing(self):
        self._pay(self.invoice, date(2026, 3, 10))
        self.assertFalse(self.invoice.late_charge_ids)

    def test_late_payment_is_fined_at_once(self):
        # 2 % of 99,90 = 2,00; 15 days: 99,90 × 1 % ÷ 30 × 15 = 0,50
        self._pay(self.invoice, date(2026, 3, 25))
        self.assertEqual(
            self._get_late(), [("fine", 2.0, "billed"), ("interest", 0.5, "billed")]
        )
        late_invoice = self._get_late_moves()
        self.assertEqual(late_invoice.amount_total, 2.5)
        self.assertEqual(late_invoice.payment_state, "not_paid")
        self.assertLedgerIsInvoiced(self.contract)

    def test_charges_say_how_they_came_about(self):
        self._pay(self.invoice, date(2026, 3, 25))
        fine, interest = self.invoice._get_live_late_charges().sorted("kind")
        self.assertIn("2% of", fine.explanation_text)
        self.assertIn("99.90", fine.explanation_text)
        self.assertIn("15 days × 1%/30", interest.explanation_text)
        self.assertIn(self.invoice.name, fine.label)

    def test_what_is_paid_beyond_the_invoice_pays_fine_and_interest(self):
        line = self._pay(self.invoice, date(2026, 3, 25), 99.90 + 2.50)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self._get_late_moves().payment_state, "paid")
        self.assertTrue(line.reconciled)

    def test_payment_date_decides_not_that_of_the_import(self):
        with freeze_time("2026-05-20"):
            self._pay(self.invoice, date(2026, 3, 10))
        self.assertFalse(self.invoice.late_charge_ids)

    def test_bank_day_after_a_holiday_is_free(self):
        # 10/10/2026 is a Saturday; the 12th is a holiday
        for month in range(4, 11):
            self._bill_month(date(2026, month, 1))
        free = self._find_invoice(self.contract, date(2026, 10, 10))
        self._pay(free, date(2026, 10, 13))
        self.assertFalse(free.late_charge_ids)
        # 10/05/2026 is a Sunday: missed on the 11th, two days are owed
        missed = self._find_invoice(self.contract, date(2026, 5, 10))
        self._pay(missed, date(2026, 5, 12))
        # 99,90 × 1 % ÷ 30 × 2 = 0,0666
        self.assertEqual(
            [amount for _kind, amount, _state in self._get_late(missed)], [2.0, 0.07]
        )

    def test_parts_paid_cost_interest_on_what_was_open(self):
        # 10 days of 99,90 = 0,333; then 10 days of 59,90 = 0,1997: 0,53 in all
        self._pay(self.invoice, date(2026, 3, 20), 40.0)
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 0.33])
        self._pay(self.invoice, date(2026, 3, 30), 59.90)
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 0.33, 0.20])

    def test_part_paid_in_time_is_not_fined(self):
        # 2 % of 59,90 = 1,198; 15 days of 59,90 = 0,2995
        self._pay(self.invoice, date(2026, 3, 10), 40.0)
        self._pay(self.invoice, date(2026, 3, 25), 59.90)
        self.assertEqual([row[1] for row in self._get_late()], [1.2, 0.3])

    def test_same_payment_twice_changes_nothing(self):
        line = self._pay(self.invoice, date(2026, 3, 25))
        before = self.contract.charge_ids
        moves = before.move_id
        for _time in range(2):
            self.invoice._invoice_paid_hook()
            self.env["account.move"]._invoice_paid_hook()
            line.move_id._follow_late_payments()
            self.invoice._follow_late_payments()
        self.assertEqual(self.contract.charge_ids, before)
        self.assertEqual(self.contract.charge_ids.move_id, moves)

    def test_payment_undone_gives_back_what_was_billed(self):
        line = self._pay(self.invoice, date(2026, 3, 25), 102.40)
        late_invoice = self._get_late_moves()
        line.remove_move_reconcile()
        self.assertFalse(self._get_late())
        self.assertEqual(late_invoice.payment_state, "reversed")
        self.assertEqual(line.amount_residual, -102.40)
        # the same payment, matched again, owes the same again
        receivable = self.invoice._get_open_receivable()
        (receivable | line).reconcile()
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 0.5])
        self.assertTrue(line.reconciled)
        self.assertLedgerIsInvoiced(self.contract)

    def test_next_invoice_carries_fine_and_interest(self):
        self.company.late_charge_policy = "next_invoice"
        with freeze_time("2026-03-25"):
            self._pay(self.invoice, date(2026, 3, 25))
        self.assertEqual(
            self._get_late(), [("fine", 2.0, "pending"), ("interest", 0.5, "pending")]
        )
        self._bill_month(date(2026, 4, 1))
        april = self._find_invoice(self.contract, date(2026, 4, 10))
        self.assertEqual(april.amount_total, 102.40)
        self.assertEqual(self._get_late_moves(), april)

    def test_payment_undone_cancels_what_waits(self):
        self.company.late_charge_policy = "next_invoice"
        with freeze_time("2026-03-25"):
            line = self._pay(self.invoice, date(2026, 3, 25))
            line.remove_move_reconcile()
        self.assertFalse(self._get_late())
        self.assertEqual(
            set(self.invoice.late_charge_ids.mapped("state")), {"cancelled"}
        )

    def test_payment_before_the_due_date_imported_later_undoes_all(self):
        # booked first with the wrong date, then with the right one
        line = self._pay(self.invoice, date(2026, 3, 25))
        line.remove_move_reconcile()
        self._pay(self.invoice, date(2026, 3, 9))
        self.assertFalse(self._get_late())
        given_back = self.invoice.late_charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(sum(given_back.mapped("amount")), -2.5)
        self.assertIn("given back", given_back[0].explanation_text)

    def test_fine_and_interest_bear_none_themselves(self):
        self.company.late_charge_policy = "next_invoice"
        with freeze_time("2026-03-25"):
            self._pay(self.invoice, date(2026, 3, 25))
        self._bill_month(date(2026, 4, 1))
        april = self._find_invoice(self.contract, date(2026, 4, 10))
        # 2 % of 99,90, not of 102,40; 30 days of 99,90
        self.assertEqual(april._get_late_charges(date(2026, 5, 10)), (2.0, 1.0))
        self.company.late_charge_policy = "with_payment"
        self._pay(april, date(2026, 5, 10))
        late_invoice = self._get_late_moves(april)
        self._pay(late_invoice, date(2026, 12, 20))
        self.assertFalse(late_invoice.late_charge_ids)

    def test_rates_changed_in_between_leave_what_was_charged(self):
        self._pay(self.invoice, date(2026, 3, 20), 40.0)
        self.contract.write({"late_fee_percent": 1.0, "late_interest_percent": 0.5})
        self._pay(self.invoice, date(2026, 3, 30), 59.90)
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 0.33, 0.20])

    def test_contract_without_fine_and_interest(self):
        self.contract.write({"late_fee_percent": 0.0, "late_interest_percent": 0.0})
        self._pay(self.invoice, date(2026, 3, 25))
        self.assertFalse(self.invoice.late_charge_ids)

    def test_credit_note_lowers_what_was_ever_owed(self):
        note = self.invoice._reverse_moves([{"date": date(2026, 3, 20)}], cancel=False)
        note.invoice_line_ids.price_unit = 49.90
        note.action_post()
        (note | self.invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertFalse(self.invoice.late_charge_ids)
        # 2 % of 50,00; 15 days of 50,00 = 0,25
        self._pay(self.invoice, date(2026, 3, 25), 50.0)
        self.assertEqual([row[1] for row in self._get_late()], [1.0, 0.25])

    def test_payment_does_not_fail_for_its_fine(self):
        self.contract.journal_id = False
        with mute_logger("odoo.sql_db", LOGGER):
            self._pay(self.invoice, date(2026, 3, 25))
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual({row[2] for row in self._get_late()}, {"pending"})

    def test_earlier_holder_gets_the_fine_of_the_own_invoice(self):
        self.company.late_charge_policy = "next_invoice"
        holder = self._create_customer("Bruno Alves")
        self.contract._change_holder(holder)
        self._pay(self.invoice, date(2026, 3, 25))
        self.assertEqual(self._get_late_moves().partner_id.name, "Ana Lima")

    def test_cancelled_invoice_owes_nothing(self):
        self._pay(self.invoice, date(2026, 3, 25), 40.0)
        self.assertTrue(self._get_late())
        self.invoice.line_ids.remove_move_reconcile()
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertFalse(self._get_late())

    def test_no_day_and_no_fine_is_charged_twice(self):
        self._pay(self.invoice, date(2026, 3, 25))
        for charge in self.invoice._get_live_late_charges():
            values = charge._prepare_waived("again")
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.env["contract.charge"].create(values)

    def test_invoice_that_is_none_of_a_contract_bears_nothing(self):
        other = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": date(2026, 3, 1),
                "invoice_date_due": date(2026, 3, 10),
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": self.internet.id, "price_unit": 100.0}
                    )
                ],
            }
        )
        other.action_post()
        self._pay(other, date(2026, 3, 25))
        self.assertFalse(other.late_charge_ids)
