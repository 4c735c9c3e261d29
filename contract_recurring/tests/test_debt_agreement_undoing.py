from datetime import date
from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .agreement_common import AGREED, AgreementCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestDebtAgreementUndoing(AgreementCase):
    """What is undone leaves the debt as if it had never been agreed about."""

    # === BREAKING ===

    def test_broken_revives_the_debt_as_if_never_agreed(self):
        before = self._get_balance(self.receivable)
        agreement = self._agree(discount=50)
        agreement._break(AGREED)
        self.assertEqual(agreement.state, "broken")
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})
        self.assertEqual(self._get_balance(self.receivable), before)
        self.assertEqual(self._get_clearing_balance(), 0.0)
        self.assertEqual(self.invoice._get_late_charges(AGREED), (2.0, 1.53))
        self.assertEqual(self.contract._get_open_moves(), self.originals)
        self.assertLedgerIsInvoiced(self.contract)

    def test_what_was_paid_goes_to_the_oldest_principal(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED)
        agreement._break(date(2026, 5, 20))
        # 99,90 − 68,61
        self.assertEqual(self.invoice.amount_residual, 31.29)
        self.assertEqual(self.april.amount_residual, 99.90)
        self.assertEqual(agreement.instalment_ids[0].paid_amount, 68.61)
        self.assertEqual(agreement.paid_amount, 68.61)
        # fine and interest of March up to that payment: 2,00 + 1,53
        self.assertEqual(
            [row[1] for row in self._get_late() if row[2] == "billed"], [2.0, 1.53]
        )
        # and 20 days of 31,29 × 1 % ÷ 30 more
        self.assertEqual(self.invoice._get_late_charges(date(2026, 5, 15)), (0.0, 0.21))

    def test_what_was_paid_beyond_the_principal_pays_fine_and_interest(self):
        agreement = self._agree(moves=self.invoice, count=2, discount=0)
        # 99,90 + 3,53 = 103,43: 51,72 + 51,71
        self._pay_part(agreement, 1, AGREED)
        self._pay_part(agreement, 2, AGREED, 51.70)
        agreement._break(AGREED)
        self.assertEqual(self.invoice.payment_state, "paid")
        # 103,42 were paid: 3,52 of the 3,53 are settled
        self.assertEqual(
            round(sum(self._get_late_moves().mapped("amount_residual")), 2), 0.01
        )

    def test_late_charges_of_instalments_are_given_back(self):
        agreement = self._agree()
        with freeze_time("2026-05-20"):
            self._pay_part(agreement, 1, date(2026, 5, 20))
            first = agreement.instalment_ids[0].move_id
            self.assertTrue(self._get_late(first))
            agreement._break(date(2026, 5, 20))
        self.assertFalse(self._get_late(first))
        self.assertLedgerIsInvoiced(self.contract)
        # March's 99,90: fine 2,00 and 71 days of interest, 2,36
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 2.36])

    def test_broken_in_a_closed_month(self):
        agreement = self._agree()
        with freeze_time("2026-06-20"):
            self.company.fiscalyear_lock_date = date(2026, 4, 30)
            agreement._break(date(2026, 6, 20))
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})

    def test_cron_breaks_what_is_overdue_for_too_long(self):
        self.company.agreement_break_days = 10
        agreement = self._agree(first_due=date(2026, 5, 9))
        # a Saturday: payable on the 11th, ten days more end on the 21st
        self.agreements._cron_break_agreements(date(2026, 5, 21))
        self.assertEqual(agreement.state, "waiting")
        self.agreements._cron_break_agreements(date(2026, 5, 22))
        self.assertEqual(agreement.state, "broken")
        self.assertEqual(agreement.ended_on, date(2026, 5, 22))
        self.assertIn("05/09/2026", agreement.end_reason)
        self.agreements._cron_break_agreements(date(2026, 5, 22))

    def test_one_that_cannot_be_broken_keeps_no_other(self):
        other = self._create_contract(
            activation=date(2026, 4, 10), partner=self._create_customer("Rui Melo")
        )
        self._bill_month(date(2026, 4, 1))
        first = self._agree()
        second = self._agree(moves=self._find_invoice(other, date(2026, 4, 10)))
        model = type(self.agreements)
        undo = model._undo

        def refuse(agreement, day):
            if agreement == first:
                raise LockError("locked")
            return undo(agreement, day)

        with (
            patch.object(model, "_undo", refuse),
            mute_logger(
                "odoo.addons.contract_recurring.models.contract_debt_agreement_undoing"
            ),
        ):
            self.agreements._cron_break_agreements(date(2026, 5, 30))
        self.assertEqual(first.state, "waiting")
        self.assertEqual(second.state, "broken")

    # === CANCELLING AND REPLACING ===

    def test_cancelled_agreement_is_undone_wholly(self):
        agreement = self._agree(entry=20, discount=10)
        agreement._cancel(AGREED)
        self.assertEqual(agreement.state, "cancelled")
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})
        self.assertEqual(self._get_clearing_balance(), 0.0)
        again = self._agree()
        self.assertEqual(again.total_amount, 205.83)

    def test_what_was_paid_on_cannot_be_cancelled(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED, 1.0)
        with self.assertRaisesRegex(UserError, "paid"):
            agreement._cancel(AGREED)

    def test_renegotiation_of_a_renegotiation_is_refused(self):
        agreement = self._agree()
        with self.assertRaisesRegex(UserError, agreement.name):
            self._agree(moves=agreement.instalment_ids[0].move_id)
        agreement._break(AGREED)
        self.assertEqual(self._agree().state, "waiting")

    def test_replaced_by_one_about_what_is_left(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED)
        action = agreement.action_replace()
        self.assertEqual(agreement.state, "broken")
        form = Form(self.env["contract.renegotiate"].with_context(**action["context"]))
        form.instalment_count = 2
        wizard = form.save()
        self.assertEqual(wizard.principal_amount, 131.19)
        new = self.agreements.browse(wizard.action_agree()["res_id"])
        self.assertEqual(new.replaces_id, agreement)
        self.assertEqual(new.principal_amount, 131.19)
