from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.queue_job.exception import RetryableJobError

from .bank_common import BankApiCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestPixRefund(BankApiCase):
    """Giving a Pix back, over HTTP."""

    def setUp(self):
        super().setUp()
        self.title = self._register()
        self.pix = self.simulator.pay_charge(self.title.txid)
        self.account._ask_since()
        self.payment = self._get_events("paid")

    def _prepare(self, amount, reason=None):
        refund = self.env["pix.refund"].create(
            {"event_id": self.payment.id, "amount": amount, "reason": reason}
        )
        refund.state = "pending"
        return refund

    def _call(self, refund):
        try:
            refund._call_bank()
        except RetryableJobError as error:
            return error.seconds
        return None

    def test_money_goes_back_once_the_bank_says_so(self):
        refund = self._prepare(30.0, "pago a mais")
        self.assertTrue(self._call(refund))
        self.assertEqual(refund.state, "sent")
        self.assertFalse(self._get_events("returned"))
        self.simulator.finish_returns()
        self._call(refund)
        self.assertEqual(refund.state, "done")
        event = self._get_events("returned")
        self.assertEqual((event.paid, event.title_id), (30.0, self.title))
        self.assertEqual(event.returned_event_id, self.payment)
        # R$ 99.90 were paid, R$ 30.00 of them given back
        self.assertEqual(self.move.amount_residual, 30.0)
        self._call(refund)
        self.assertEqual(len(self._get_events("returned")), 1)
        self.assertEqual(len(self.pix["devolucoes"]), 1)

    def test_lost_answer_gives_back_once(self):
        refund = self._prepare(30.0)
        self.simulator.losing = True
        self.assertTrue(self._call(refund))
        self.assertEqual(refund.state, "uncertain")
        self.simulator.losing = False
        self._call(refund)
        self.assertEqual(len(self.pix["devolucoes"]), 1)
        self.assertEqual(refund.state, "sent")

    def test_refused_by_the_bank(self):
        refund = self._prepare(30.0)
        self._call(refund)
        self.simulator.finish_returns("NAO_REALIZADO", "Saldo insuficiente")
        self._call(refund)
        self.assertEqual(
            (refund.state, refund.message), ("refused", "Saldo insuficiente")
        )
        self.assertFalse(self._get_events("returned"))

    def test_never_more_than_was_paid(self):
        self._prepare(60.0)
        with self.assertRaisesRegex(ValidationError, "39"):
            self._prepare(40.0)
        with self.assertRaises(ValidationError):
            self._prepare(-1.0)

    def test_return_by_the_bank_is_found_by_asking(self):
        refund = {"id": "x", "rtrId": "D9", "valor": "99.90", "status": "DEVOLVIDO"}
        self.pix["devolucoes"] = [refund]
        self.account._ask_about(self.title.ids)
        event = self._get_events("returned")
        self.assertEqual(event.paid, 99.90)
        self.assertEqual(self.move.payment_state, "not_paid")
        with self.assertRaisesRegex(UserError, "Nothing of this Pix"):
            self.title.action_give_back()

    def test_title_is_refunded_by_a_job(self):
        context = self.title.action_give_back()["context"]
        refunds = self.env["pix.refund"].with_context(**context)
        refund = refunds.create({"amount": 10.0, "reason": "pago em dobro"})
        refund.with_context(queue_job__no_delay=False).action_give_back()
        self.assertEqual(refund.state, "pending")
        job = self.env["queue.job"].search([("method_name", "=", "_call_bank")])
        self.assertEqual(job.records, refund)
        self._call(refund)
        self.assertEqual(self.pix["devolucoes"][0]["valor"], "10.00")

    def test_button_of_the_title_fills_in_what_is_left(self):
        self._prepare(30.0)
        action = self.title.action_give_back()
        refund = self.env["pix.refund"].with_context(**action["context"]).create({})
        self.assertEqual((refund.event_id, refund.amount), (self.payment, 69.90))
        self.assertTrue(self.title.is_pix_refundable)
        refund.state = "pending"
        self.title.invalidate_recordset()
        self.assertFalse(self.title.is_pix_refundable)
        with self.assertRaisesRegex(UserError, "Nothing of this Pix"):
            self.title.action_give_back()

    def test_only_managers_give_back(self):
        clerk = new_test_user(
            self.env, "clerk", "contract_recurring.group_contract_billing"
        )
        refund = self._prepare(1.0)
        with self.assertRaises(AccessError):
            refund.with_user(clerk).action_give_back()
        with self.assertRaises(AccessError):
            self.title.with_user(clerk).action_give_back()
