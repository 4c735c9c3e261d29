import doctest
from datetime import date

import requests
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import retry_days
from .token_common import TokenCase

DUE = date(2026, 3, 10)
CHARGING = "odoo.addons.contract_fiscal_br.models.payment_token_charging"


@tagged("post_install", "-at_install")
class TestPaymentToken(TokenCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(retry_days).failed, 0)

    # === PAID ===

    def test_invoice_is_charged_on_its_due_date(self):
        self._run_day(date(2026, 3, 9))
        self.assertFalse(self._get_charges())
        self._run_day(DUE)
        charge = self._get_charges()
        self.assertEqual((charge.state, charge.amount), ("done", 99.90))
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(charge.transaction_id.operation, "offline")
        self.assertEqual(charge.transaction_id.payment_id.amount, 99.90)

    def test_second_run_charges_nothing(self):
        self._run_day(DUE)
        self._run_day(DUE)
        self._get_charges()._charge()
        self.assertEqual((self._get_charges().state, len(self.calls)), ("done", 1))

    def test_job_of_a_refused_charge_run_again_charges_nothing(self):
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        self.answer = "done"
        self._get_charges()._charge()
        self.assertEqual((self._get_charges().state, len(self.calls)), ("failed", 1))

    def test_no_boleto_while_the_card_pays(self):
        self.assertFalse(self.move.collection_title_ids)
        with self.assertRaisesRegex(UserError, "needs a boleto"):
            self.move.action_issue_boleto()

    def test_paid_otherwise_before_the_job_ran(self):
        charge = self.env["payment.token.charge"]._create_attempt(self.move, DUE)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({})._create_payments()
        charge._charge()
        self.assertEqual(charge.state, "cancelled")
        self.assertFalse(self.calls)

    def test_partly_paid_is_charged_what_is_left(self):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({"amount": 60.0})._create_payments()
        self._run_day(DUE)
        self.assertAlmostEqual(self._get_charges().amount, 39.90)
        self.assertEqual(self.move.payment_state, "paid")

    def test_due_before_the_method_was_chosen_waits_for_a_person(self):
        self.contract.payment_token_since = date(2026, 3, 11)
        self._run_day(date(2026, 3, 20))
        self.assertFalse(self._get_charges())
        self.move.action_charge_saved_method()
        self.assertEqual(self.move.payment_state, "paid")

    # === FAILED ===

    def test_failures_follow_the_policy_and_end_in_a_boleto(self):
        """Attempts on the due date, then 1, 3 and 7 days after it: 10, 11, 13, 17.

        The boleto of 17/03 is seven days late: fine 2 % = 2.00, interest
        99.90 × 1 % ÷ 30 × 7 = 0.23, together 102.13.
        """
        self.answer = "Cartão recusado"
        days = [date(2026, 3, day) for day in range(9, 31)]
        for day in days:
            self._run_day(day)
        charges = self._get_charges()
        self.assertEqual([charge.date.day for charge in charges], [10, 11, 13, 17])
        self.assertEqual(set(charges.mapped("state")), {"failed"})
        self.assertEqual(charges[0].reason, "Cartão recusado")
        boleto = self.move.collection_title_ids
        self.assertEqual((len(boleto), boleto.amount), (1, 102.13))
        self.assertTrue(boleto.barcode)

    def test_failed_once_then_paid(self):
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        self.assertFalse(self.move.collection_title_ids)
        self.answer = "done"
        self._run_day(date(2026, 3, 11))
        self.assertEqual(self._get_charges().mapped("state"), ["failed", "done"])
        self.assertEqual(self.move.payment_state, "paid")

    def test_what_ended_stays_whatever_is_told_later(self):
        charge = self.env["payment.token.charge"]._create_attempt(self.move, DUE)
        for state in ("done", "cancelled"):
            charge.state = state
            charge._follow()
            self.assertEqual(charge.state, state)

    def test_customer_is_told_each_failure_once(self):
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        self._get_charges()._settle()
        notice = self.env["contract.notice"].search(
            [("contract_id", "=", self.contract.id), ("kind", "=", "charge_failed")]
        )
        self.assertEqual(len(notice), 1)
        self.assertIn("Cartão recusado", notice.body)

    def test_failure_leaves_the_contract_as_it_was(self):
        """S002-28: nothing is lost when a payment fails."""

        def read_all():
            self.env.invalidate_all()
            return (
                {
                    name: value
                    for name, value in self.contract.read()[0].items()
                    if not name.startswith(("message_", "token_charge", "notice_"))
                },
                self.contract.contract_line_ids.read(),
                self.contract.charge_ids.read(),
            )

        before = read_all()
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        self.assertEqual(self._get_charges().state, "failed")
        self.assertEqual(read_all(), before)

    def test_archived_method_becomes_a_boleto_at_once(self):
        charge = self.env["payment.token.charge"]._create_attempt(self.move, DUE)
        self.token.active = False
        charge._charge()
        self.assertEqual(charge.state, "failed")
        self.assertIn("no longer valid", charge.reason)
        self.assertEqual(len(self.move.collection_title_ids), 1)
        self.assertFalse(self.calls)

    def test_customer_paying_in_the_portal_is_not_charged(self):
        self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids.id,
                "amount": 99.90,
                "currency_id": self.move.currency_id.id,
                "partner_id": self.partner.id,
                "invoice_ids": self.move.ids,
                "state": "pending",
            }
        )
        self._run_day(DUE)
        self.assertEqual(self._get_charges().state, "cancelled")
        self.assertFalse(self.calls)

    # === NOT KNOWN ===

    def _lose_the_answer(self):
        """The provider is called and the connection breaks."""
        case = self

        def _send_payment_request(transaction):
            case.calls.append(transaction.reference)
            transaction._send_api_request("POST", "/charges")

        self.patch(
            self.env.registry["payment.transaction"],
            "_send_payment_request",
            _send_payment_request,
        )

        def request(*args, **kwargs):
            raise requests.exceptions.ReadTimeout

        self.patch(requests, "request", request)
        self._run_day(DUE)
        return self._get_charges()

    def test_lost_answer_is_uncertain_and_not_repeated(self):
        charge = self._lose_the_answer()
        self.assertEqual(charge.state, "uncertain")
        for day in (11, 13, 17, 20):
            self._run_day(date(2026, 3, day))
        self.assertEqual(len(self.calls), 1)
        with self.assertRaisesRegex(UserError, "being charged already"):
            self.move.action_charge_saved_method()
        self.assertFalse(self.move.collection_title_ids)

    def test_webhook_settles_what_was_uncertain(self):
        charge = self._lose_the_answer()
        charge.transaction_id._set_done()
        charge.transaction_id._post_process()
        self.assertEqual(charge.state, "done")
        self.assertEqual(self.move.payment_state, "paid")

    def test_provider_that_can_be_asked_settles_it(self):
        charge = self._lose_the_answer()
        self.patch(
            self.env.registry["payment.transaction"],
            "_ask_outcome",
            lambda transaction: transaction._set_done(),
        )
        charge.action_ask()
        self.assertEqual(charge.state, "done")
        self.assertEqual(self.move.payment_state, "paid")

    def test_who_asks_in_vain_is_told(self):
        charge = self._lose_the_answer()
        action = charge.action_ask()
        self.assertEqual(charge.state, "uncertain")
        self.assertIn("does not say", action["params"]["message"])

    def test_person_says_it_was_not_charged(self):
        charge = self._lose_the_answer()
        charge.action_mark_not_charged()
        self.assertEqual(charge.state, "failed")
        self.assertFalse(
            self.env["contract.notice"].search([("kind", "=", "charge_failed")])
        )
        with self.assertRaisesRegex(UserError, "uncertain"):
            charge.action_mark_not_charged()

    @mute_logger(CHARGING)
    def test_provider_that_breaks_down_is_uncertain(self):
        self.answer = KeyError("id")
        self._run_day(DUE)
        charge = self._get_charges()
        self.assertEqual(charge.state, "uncertain")
        self.assertIn("KeyError", charge.reason)

    def test_process_that_died_leaves_it_uncertain(self):
        charge = self.env["payment.token.charge"]._create_attempt(self.move, DUE)
        self.assertTrue(charge._claim())
        self.env.flush_all()
        self._run_day(DUE)
        self.assertEqual(charge.state, "uncertain")
        self.assertIn("The program ended", charge.reason)
        self.assertFalse(self.calls)

    def test_pending_waits_for_the_provider(self):
        self.answer = "pending"
        self._run_day(DUE)
        charge = self._get_charges()
        self.assertEqual(charge.state, "pending")
        self._run_day(date(2026, 3, 11))
        self.assertEqual(len(self.calls), 1)
        charge.transaction_id._set_error("Recusado depois")
        charge.transaction_id._post_process()
        self.assertEqual((charge.state, charge.reason), ("failed", "Recusado depois"))

    # === BY HAND ===

    def test_stop_charging_gives_a_boleto(self):
        self.move.action_stop_charging()
        self._run_day(DUE)
        self.assertFalse(self.calls)
        self.assertEqual(len(self.move.collection_title_ids), 1)

    def test_reader_charges_nothing(self):
        reader = self._create_user("token_reader", "group_contract_reader")
        self._run_day(date(2026, 3, 1))
        with self.assertRaisesRegex(UserError, "may not do this"):
            self.move.with_user(reader).action_charge_saved_method()
        self.assertNotIn(
            "payment_token_id", self.contract.with_user(reader).fields_get()
        )
        self.assertEqual(
            self.contract.with_user(reader).payment_token_name, "•••• 1234"
        )

    def test_clerk_charges_by_the_button(self):
        clerk = self._create_user("token_clerk", "group_contract_billing")
        self.move.with_user(clerk).action_charge_saved_method()
        self.assertEqual(self._get_charges().state, "done")

    # === WHOSE METHOD ===

    def test_card_of_another_customer_is_refused(self):
        other = self._create_token(self._create_customer("João Souza"))
        with self.assertRaisesRegex(ValidationError, "its own customer"):
            self.contract.payment_token_id = other

    def test_card_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Outra"})
        token = self._create_token(self.partner, self._create_provider(company))
        with self.assertRaisesRegex(ValidationError, "own company"):
            self.contract.payment_token_id = token

    def test_new_holder_is_not_charged_to_the_old_ones_card(self):
        self.contract._change_holder(self._create_customer("João Souza"))
        self.assertFalse(self.contract.payment_token_id)

    def test_attempts_of_another_company_are_hidden(self):
        self._run_day(DUE)
        company = self.env["res.company"].create({"name": "Outra"})
        stranger = self._create_user("token_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        charges = self.env["payment.token.charge"].with_user(stranger)
        self.assertFalse(charges.search([("move_id", "=", self.move.id)]))
        with self.assertRaises(AccessError):
            self._get_charges().with_user(stranger).read(["amount"])

    def test_days_of_new_attempts_are_checked(self):
        for text in ("1, x", "0", "3, 1", "1, 99"):
            with self.assertRaisesRegex(ValidationError, "no day of a new attempt"):
                self.company.token_retry_days = text

    # === WHAT COMES NEXT ===

    @freeze_time("2026-03-10 15:00:00")
    def test_failed_attempt_says_when_the_next_one_is(self):
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        first = self._get_charges()
        self.assertTrue(first.is_chargeable)
        self.assertEqual(first.next_date, date(2026, 3, 11))
        self._run_day(date(2026, 3, 11))
        second = self._get_charges()[-1]
        # three days after the first attempt
        self.assertEqual(second.next_date, date(2026, 3, 13))
        self.assertFalse(first.is_chargeable)
        self.assertFalse(first.next_date)
        with freeze_time("2026-03-20 15:00:00"):  # the daily job did not run
            second.invalidate_recordset(["next_date"])
            self.assertEqual(second.next_date, date(2026, 3, 20))

    def test_stopped_or_given_up_has_no_next_attempt(self):
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        charge = self._get_charges()
        self.company.token_retry_days = False
        self.assertFalse(charge.next_date)
        self.company.token_retry_days = "1"
        charge.action_stop()
        self.assertFalse(charge.next_date)
        self.assertTrue(charge.is_chargeable)

    def test_filter_finds_what_is_still_to_be_paid(self):
        self.answer = "Cartão recusado"
        self._run_day(DUE)
        charges = self.env["payment.token.charge"]
        domain = [("is_chargeable", "=", True), ("move_id", "=", self.move.id)]
        self.assertEqual(charges.search(domain), self._get_charges())
        self.answer = "done"
        self._run_day(date(2026, 3, 11))
        self.assertFalse(charges.search(domain))
        self.assertFalse(any(self._get_charges().mapped("is_chargeable")))
