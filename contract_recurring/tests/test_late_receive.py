from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .late_common import LateCase


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
