from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ContractCase

LOGGER = "odoo.addons.contract_recurring.models.contract_charge_late_billing"


class LateCase(ContractCase):
    """One contract of R$ 99,90 a month, billed for 10/03/2026 (a Tuesday)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.contract = cls._create_contract(
            activation=date(2026, 2, 10), partner=cls._create_customer("Ana Lima")
        )
        cls._bill_month(date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.invoice = cls._find_invoice(cls.contract, date(2026, 3, 10))
        cls._pay(cls._find_invoice(cls.contract, date(2026, 2, 10)), date(2026, 2, 10))

    @classmethod
    def _find_invoice(cls, contract, due_date):
        return contract.charge_ids.move_id.filtered(
            lambda move: (
                move.invoice_date_due == due_date and not move._is_late_invoice()
            )
        )

    @classmethod
    def _pay(cls, invoice, day, amount=None):
        """Book a payment as a bank's file does; return its receivable line."""
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        line = cls._book(receivable, day, amount or invoice.amount_total)
        (receivable | line).reconcile()
        return line

    @classmethod
    def _book(cls, receivable, day, amount):
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.bank.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.bank.default_account_id.id,
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": receivable.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered("credit")

    def _get_late(self, invoice=None, state=None):
        """Return [(kind, amount, state)] of the live fine and interest."""
        charges = (invoice or self.invoice)._get_live_late_charges()
        return [
            (charge.kind, charge.amount, charge.state)
            for charge in charges.sorted(lambda c: (c.period_end, c.kind))
        ]

    def _get_late_moves(self, invoice=None):
        return (invoice or self.invoice).late_charge_ids.move_id


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


@tagged("contract_recurring", "post_install", "-at_install")
class TestOverdueInterest(LateCase):
    """S004-66: the next invoice carries fine and interest of overdue ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.is_overdue_interest_included = True

    def _bill_april(self):
        run = self._simulate_run(date(2026, 4, 1), invoice_date=date(2026, 4, 4))
        simulated = run.item_ids.filtered(
            lambda item: item.contract_id == self.contract
        ).amount
        run.action_approve()
        run.action_start()
        return simulated, self._find_invoice(self.contract, date(2026, 4, 10))

    def test_next_invoice_carries_what_is_overdue(self):
        # 10/03 to 04/04: 25 days of 99,90 = 0,8325; fine 2,00
        simulated, april = self._bill_april()
        self.assertEqual(april.amount_total, 102.73)
        self.assertEqual(simulated, 102.73)
        self.assertLedgerIsInvoiced(self.contract)

    def test_later_payment_charges_the_days_after_only(self):
        self._bill_april()
        # to 09/04 30 days = 0,999; less 0,83
        self._pay(self.invoice, date(2026, 4, 9))
        amounts = [row[1] for row in self._get_late()]
        self.assertEqual(amounts, [2.0, 0.83, 0.17])

    def test_two_billings_charge_each_day_once(self):
        self._bill_april()
        self._bill_month(date(2026, 5, 1), invoice_date=date(2026, 5, 4))
        may = self._find_invoice(self.contract, date(2026, 5, 10))
        # March to 04/05: 55 days = 1,8315, less 0,83 = 1,00
        # April: 2,00 and 24 days of 99,90 = 0,7992
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 0.83, 1.0])
        self.assertEqual(may.amount_total, 99.90 + 1.00 + 2.00 + 0.80)

    def test_payment_in_time_imported_later_gives_all_back(self):
        _simulated, april = self._bill_april()
        self._pay(self.invoice, date(2026, 3, 10))
        self.assertFalse(self._get_late())
        self.assertEqual(april.amount_residual, 99.90)

    def test_payment_between_imported_later_is_charged_its_days(self):
        _simulated, april = self._bill_april()
        self._pay(self.invoice, date(2026, 3, 20))
        # 0,83 given back, 10 days = 0,33 charged; the fine stays as it was
        self.assertEqual([row[1] for row in self._get_late()], [0.33, 2.0])
        self.assertEqual(april.amount_residual, 101.90)

    def test_not_without_the_flag_and_not_in_time(self):
        self.contract.is_overdue_interest_included = False
        _simulated, april = self._bill_april()
        self.assertEqual(april.amount_total, 99.90)

    def test_interest_alone_makes_no_invoice(self):
        self.assertFalse(
            self.contract._enter_due_charges(
                date(2026, 3, 11), date(2026, 3, 31), date(2026, 3, 31)
            )
        )


@tagged("contract_recurring", "post_install", "-at_install")
class TestWaiver(LateCase):
    """Fine and interest are waived by those who may, with a reason that is kept."""

    def test_agreed_before_the_payment(self):
        self.invoice._waive_late_charges("Fibre cut", date(2026, 3, 12))
        self.assertEqual(self.invoice._get_late_charges(date(2026, 3, 25)), (0.0, 0.0))
        self._pay(self.invoice, date(2026, 3, 25))
        self.assertEqual(
            self._get_late(), [("fine", 0.0, "exempt"), ("interest", 0.0, "exempt")]
        )
        fine = self.invoice.late_charge_ids.filtered(lambda c: c.kind == "fine")
        self.assertIn("Fibre cut", fine.explanation_text)
        self.assertIn("2.00", fine.explanation_text)

    def test_promise_holds_until_its_day(self):
        waiver = {"date_until": date(2026, 3, 20)}
        self.invoice._waive_late_charges("Promised", date(2026, 3, 12), **waiver)
        self.assertEqual(self.invoice._get_late_charges(date(2026, 3, 20)), (0.0, 0.0))
        self.assertEqual(self.invoice._get_late_charges(date(2026, 3, 25)), (2.0, 0.5))

    def test_fine_alone(self):
        self.invoice._waive_late_charges("Loyal", date(2026, 3, 12), interest=False)
        self.assertEqual(self.invoice._get_late_charges(date(2026, 3, 25)), (0.0, 0.5))

    def test_after_billing_the_open_invoice_is_credited(self):
        self._pay(self.invoice, date(2026, 3, 25))
        late_invoice = self._get_late_moves()
        self.invoice._waive_late_charges("Complaint 4711", date(2026, 3, 27))
        self.assertEqual(late_invoice.payment_state, "reversed")
        # the original stays
        self.assertEqual(
            self._get_late(), [("fine", 2.0, "billed"), ("interest", 0.5, "billed")]
        )
        self.assertLedgerIsInvoiced(self.contract)

    def test_after_payment_the_next_invoice_gives_it_back(self):
        with freeze_time("2026-03-25"):
            self._pay(self.invoice, date(2026, 3, 25), 102.40)
            self.invoice._waive_late_charges("Our error", date(2026, 3, 27))
        self._bill_month(date(2026, 4, 1))
        april = self._find_invoice(self.contract, date(2026, 4, 10))
        self.assertEqual(april.amount_total, 97.40)

    def test_what_waits_is_not_billed(self):
        self.company.late_charge_policy = "next_invoice"
        with freeze_time("2026-03-25"):
            self._pay(self.invoice, date(2026, 3, 25))
            self.invoice._waive_late_charges("Loyal", date(2026, 3, 27))
        self._bill_month(date(2026, 4, 1))
        april = self._find_invoice(self.contract, date(2026, 4, 10))
        self.assertEqual(april.amount_total, 99.90)
        self.assertIn("cancelled", self.invoice.late_charge_ids.mapped("state"))

    def test_waived_twice_or_undone_after_gives_back_once(self):
        line = self._pay(self.invoice, date(2026, 3, 25))
        self.invoice._waive_late_charges("Once", date(2026, 3, 27))
        self.invoice._waive_late_charges("Twice", date(2026, 3, 27))
        line.remove_move_reconcile()
        credits = self.invoice.late_charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(sum(credits.mapped("amount")), -2.5)

    def test_withdrawn_waiver_charges_again(self):
        waiver = self.invoice._waive_late_charges("Promised", date(2026, 3, 12))
        waiver.action_withdraw()
        self.assertEqual(self.invoice._get_late_charges(date(2026, 3, 25)), (2.0, 0.5))
        with self.assertRaises(UserError):
            waiver.unlink()

    def test_event_is_written(self):
        self.invoice._waive_late_charges("Fibre cut", date(2026, 3, 12))
        event = self.contract.event_ids.filtered(lambda e: e.kind == "waiver")
        self.assertEqual(event.reason, "Fibre cut")
        self.assertIn(self.invoice.name, event.to_state)

    def test_reason_and_right_are_demanded(self):
        with self.assertRaises(UserError):
            self.invoice._waive_late_charges("  ", date(2026, 3, 12))
        clerk = self._create_user("waive_clerk", "group_contract_billing")
        with self.assertRaises(AccessError):
            self.invoice.with_user(clerk)._waive_late_charges("x", date(2026, 3, 12))
        for name in ("contract.waive", "contract.late.waiver"):
            self.assertFalse(self.env[name].with_user(clerk).has_access("create"))

    def test_nobody_writes_waivers(self):
        manager = self._create_user("waive_manager", "group_contract_manager")
        waiver = self.invoice.with_user(manager)._waive_late_charges(
            "Agreed", date(2026, 3, 12)
        )
        with self.assertRaises(AccessError):
            waiver.with_user(manager).write({"reason": "Other"})

    @freeze_time("2026-03-25 15:00:00")
    def test_wizard_shows_what_is_let_off(self):
        wizard = self.env["contract.waive"].with_context(
            active_model="contract.contract", active_ids=self.contract.ids
        )
        form = Form(wizard)
        self.assertIn("2.50", form.preview)
        form.is_interest_waived = False
        self.assertIn("2.00", form.preview)
        form.reason = "Agreed"
        form.save().action_waive()
        self.assertEqual(self.invoice._get_late_charges(date(2026, 3, 25)), (0.0, 0.5))


@tagged("contract_recurring", "post_install", "-at_install")
class TestReceive(LateCase):
    """Register Payment proposes what is owed on the day of payment (S004-101)."""

    def _open(self, user=None):
        contract = self.contract.with_user(user) if user else self.contract
        action = contract.action_receive()
        return contract.env["account.payment.register"].with_context(
            **action["context"]
        )

    @freeze_time("2026-03-25 15:00:00")
    def test_amount_follows_the_day_of_payment(self):
        form = Form(self._open())
        form.journal_id = self.bank
        self.assertEqual(form.amount, 102.40)
        self.assertIn("15 days × 1%/30", form.late_explanation)
        form.payment_date = date(2026, 4, 9)
        self.assertEqual(form.amount, 102.90)
        form.payment_date = date(2026, 3, 10)
        self.assertEqual(form.amount, 99.90)
        self.assertFalse(form.late_explanation)

    @freeze_time("2026-03-25 15:00:00")
    def test_payment_settles_invoice_fine_and_interest(self):
        form = Form(self._open())
        form.journal_id = self.bank
        form.save().action_create_payments()
        self.assertEqual(self.invoice.payment_state, "paid")
        late_move = self._get_late_moves()
        self.assertEqual((late_move.amount_total, late_move.amount_residual), (2.5, 0))
        self.assertLedgerIsInvoiced(self.contract)
        with self.assertRaises(UserError):
            self.contract.action_receive()

    @freeze_time("2026-03-25 15:00:00")
    def test_invoice_alone_leaves_fine_and_interest_to_be_paid(self):
        """99.90 fifteen days late: fine 2.00, interest 0.50."""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        ).create({"journal_id": self.bank.id, "amount": 99.90})._create_payments()
        late_move = self._get_late_moves()
        self.assertEqual(
            (late_move.amount_total, late_move.amount_residual), (2.5, 2.5)
        )
        self.assertLedgerIsInvoiced(self.contract)

    @freeze_time("2026-03-25 15:00:00")
    def test_next_invoice_policy_proposes_the_invoice_alone(self):
        self.company.late_charge_policy = "next_invoice"
        form = Form(self._open())
        form.journal_id = self.bank
        self.assertEqual(form.amount, 99.90)
        self.assertIn("next invoice", form.late_explanation)

    @freeze_time("2026-03-25 15:00:00")
    def test_two_invoices_are_received_together(self):
        self._bill_month(date(2026, 4, 1))
        form = Form(self._open())
        form.journal_id = self.bank
        # 99,90 + 2,50 and 99,90 due only on 10/04
        self.assertEqual(form.amount, 202.30)
        form.save().action_create_payments()
        self.assertEqual(self._get_late_moves().payment_state, "paid")

    @freeze_time("2026-03-25 15:00:00")
    def test_without_fine_needs_right_and_reason(self):
        manager = self._create_user("receive_manager", "group_contract_manager")
        wizard = self._open(manager).create(
            {"journal_id": self.bank.id, "is_late_waived": True}
        )
        self.assertEqual(wizard.amount, 99.90)
        with self.assertRaises(UserError):
            wizard.action_create_payments()
        wizard.late_waive_reason = "Agreed at the counter"
        wizard.action_create_payments()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual({row[1] for row in self._get_late()}, {0.0})

        self._bill_month(date(2026, 4, 1))
        clerk = self._create_user("receive_clerk", "group_contract_billing")
        values = {
            "journal_id": self.bank.id,
            "is_late_waived": True,
            "late_waive_reason": "x",
            "payment_date": date(2026, 4, 30),
        }
        wizard = self._open(clerk).create(values)
        with self.assertRaises(AccessError):
            wizard.action_create_payments()
        # nor by calling the difference settled
        wizard = self._open(clerk).create(
            {
                "journal_id": self.bank.id,
                "payment_date": date(2026, 4, 30),
                "amount": 99.90,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self.income_account.id,
            }
        )
        with self.assertRaises(AccessError):
            wizard.action_create_payments()

    @freeze_time("2026-03-25 15:00:00")
    def test_invoice_states_its_updated_amount(self):
        self.assertEqual(self.invoice.updated_amount, 102.40)
        self.assertEqual(self.invoice.late_fine_amount, 2.0)
