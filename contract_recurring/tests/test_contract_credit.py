from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractCredit(BilledContractCase):
    """A sum below zero is given back with the invoices that follow.

    Billed 10/04-09/05 at R$ 99.90 and paid; suspended from 20/04 to 19/06: 20 of
    30 days come back, R$ 66.60, and nothing else is due on 10/05.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-04-10 12:00:00"):
            cls._pay(cls.contract._get_related_invoices())

    @classmethod
    def _pay(cls, moves):
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({})._create_payments()

    def _suspend_and_bill_may(self):
        """Return the credit note of May."""
        self.contract._suspend(date(2026, 4, 20), date(2026, 6, 19), "travelling")
        self._bill_month(date(2026, 5, 1))
        note = self.contract.charge_ids.filtered(lambda c: c.kind == "credit").move_id
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 66.60))
        return note

    def _return_and_bill_july(self):
        """Return the invoice of July: 20 of 30 days of June, 66.60, and 99.90."""
        with freeze_time("2026-06-20 15:00:00"):
            self.env["contract.contract"]._cron_follow_suspensions()
        self._bill_month(date(2026, 7, 1))
        invoice = self.contract.charge_ids.move_id.filtered(
            lambda move: move.invoice_date_due == date(2026, 7, 10)
        )
        self.assertEqual(invoice.amount_total, 166.50)
        return invoice

    def test_preview_says_that_it_is_a_credit_note(self):
        form = self._open("contract.suspend")
        form.date = date(2026, 4, 20)
        form.date_until = date(2026, 6, 19)
        self.assertRegex(form.preview, r"none\. A credit note of .*66\.60")
        self.assertNotIn("-66.60 is", form.preview)

    def test_credit_is_taken_off_the_next_invoice(self):
        """166.50 less 66.60 are 99.90 to be paid."""
        note = self._suspend_and_bill_may()
        self.assertEqual(note.amount_residual, 66.60)
        invoice = self._return_and_bill_july()
        self.assertEqual(invoice.amount_residual, 99.90)
        self.assertEqual(note.amount_residual, 0)
        self._pay(invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertLedgerIsInvoiced(self.contract)

    def test_credit_is_taken_off_no_other_contract(self):
        """Not even where both are billed together."""
        note = self._suspend_and_bill_may()
        other = self._create_contract(activation=date(2026, 6, 10))
        self._bill_month(date(2026, 6, 1))
        invoice = other.charge_ids.move_id
        writer = self.env["contract.invoice.writer"]
        writer._use_credits(self.contract | other, invoice)
        self.assertEqual((note.amount_residual, invoice.amount_residual), (66.6, 99.9))

    def test_open_credit_note_is_no_debt(self):
        self._suspend_and_bill_may()
        with freeze_time("2026-05-30 12:00:00"):
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.due_status, "clear")
            self.assertFalse(
                self.contract.search([("due_status", "=", "overdue")]) & self.contract
            )
            notes = self.contract._get_related_invoices().filtered(
                lambda move: move.move_type == "out_refund"
            )
            self.assertEqual(set(notes.mapped("due_status")), {False})

    def test_preview_says_what_is_taken_off(self):
        self._suspend_and_bill_may()
        with freeze_time("2026-06-20 15:00:00"):
            self.env["contract.contract"]._cron_follow_suspensions()
        with freeze_time("2026-06-25 12:00:00"):
            form = self._open("contract.change.plan")
            form.plan_id = self.faster
            self.assertRegex(form.preview, r"from earlier credit notes: .*66\.60")

    def test_cancelled_invoice_gives_the_credit_back(self):
        """Billed again, the credit is used again, once."""
        note = self._suspend_and_bill_may()
        invoice = self._return_and_bill_july()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(note.amount_residual, 66.60)
        self._bill_month(date(2026, 7, 1))
        again = self.contract.charge_ids.move_id.filtered(
            lambda move: (
                move.invoice_date_due == date(2026, 7, 10) and move.state == "posted"
            )
        )
        self.assertEqual(again.amount_residual, 99.90)
        self.assertEqual(note.amount_residual, 0)

    def test_credit_of_a_former_holder_stays(self):
        """The new holder pays 166.50; the former one has 66.60 to get back."""
        note = self._suspend_and_bill_may()
        other = self._create_customer("João de Souza")
        with freeze_time("2026-06-20 15:00:00"):
            self.env["contract.contract"]._cron_follow_suspensions()
            self.contract._change_holder(other)
        self._bill_month(date(2026, 7, 1))
        invoice = self.contract.charge_ids.move_id.filtered(
            lambda move: move.partner_id == other
        )
        self.assertEqual(sum(invoice.mapped("amount_residual")), 166.50)
        self.assertEqual(note.amount_residual, 66.60)
