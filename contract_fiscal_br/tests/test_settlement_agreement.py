from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.contract_recurring.tools.instalments import Terms

from .settle_common import SettleCase

AGREED = date(2026, 3, 25)


@tagged("post_install", "-at_install")
class TestSettlementAgreement(SettleCase):
    """The invoice of 10/03 was renegotiated on 25/03, into two instalments."""

    def setUp(self):
        super().setUp()
        self.title.state = "registered"
        self.enterContext(freeze_time("2026-03-25 12:00:00"))
        self.agreement = self.env["contract.debt.agreement"]._agree(
            self.move,
            Terms(
                count=2,
                first_due=date(2026, 3, 31),
                entry=Decimal(0),
                entry_due=None,
                discount_percent=Decimal(0),
            ),
            AGREED,
        )

    def test_payment_of_the_old_boleto_becomes_a_credit_to_look_at(self):
        event = self._settle(self._paid(self.title, date(2026, 3, 26)))
        self.assertEqual(event.outcome, "renegotiated")
        self.assertEqual(event.credit_amount, 99.90)
        self.assertTrue(event.to_look)
        self.assertEqual(self._get_credit(), 99.90)

    def test_instalment_paid_after_the_agreement_broke_pays_the_debt(self):
        """R$ 51,20, half of 99,90 + 2,00 + 0,50: 48,70 of the invoice stay open."""
        first = self.agreement.instalment_ids.sorted("number")[:1].move_id
        title = first.collection_title_ids
        title.state = "registered"
        self.agreement._break(date(2026, 4, 6), "não pagou")
        event = self._settle(
            self._paid(title, date(2026, 4, 7), paid=51.20, amount=51.20)
        )
        self.assertEqual(event.outcome, "broken_agreement")
        self.assertEqual((event.applied_amount, event.credit_amount), (51.20, 0))
        self.assertEqual(self.move.amount_residual, 48.70)
        self.assertTrue(event.to_look)
        self.assertIn("is not in force any more", event.story)

    def test_instalment_paid_after_the_debt_was_paid_becomes_a_credit(self):
        first = self.agreement.instalment_ids.sorted("number")[:1].move_id
        title = first.collection_title_ids
        title.state = "registered"
        self.agreement._break(date(2026, 4, 6), "não pagou")
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        )
        register.create({"payment_date": date(2026, 4, 6)})._create_payments()
        event = self._settle(
            self._paid(title, date(2026, 4, 7), paid=51.20, amount=51.20)
        )
        self.assertEqual(event.outcome, "second_payment")
        self.assertTrue(event.to_look)

    def test_instalment_paid_after_the_debt_was_cancelled_becomes_a_credit(self):
        first = self.agreement.instalment_ids.sorted("number")[:1].move_id
        title = first.collection_title_ids
        title.state = "registered"
        self.agreement._cancel(date(2026, 3, 26))
        self.move.button_cancel()
        event = self._settle(
            self._paid(title, date(2026, 3, 27), paid=51.20, amount=51.20)
        )
        self.assertEqual((event.outcome, event.credit_amount), ("second_payment", 51.2))
        self.assertTrue(event.to_look)

    def test_boleto_of_an_instalment_pays_the_instalment(self):
        first = self.agreement.instalment_ids.sorted("number")[:1].move_id
        amount = first.amount_residual
        event = self._settle(
            self._paid(
                first.collection_title_ids,
                date(2026, 3, 31),
                paid=amount,
                amount=amount,
            )
        )
        self.assertEqual((event.outcome, event.credit_amount), ("settled", 0))
        self.assertEqual(first.payment_state, "paid")
