from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .late_common import LateCase


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
