from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .settle_common import SettleCase

DAY = date(2026, 3, 9)


@tagged("post_install", "-at_install")
class TestSettlementTitles(SettleCase):
    """Titles and instructions follow the bank's word, and nothing else does."""

    def _get_instruction(self, kind):
        return self.title.instruction_ids.filtered(lambda i: i.kind == kind)

    def test_registered_on_the_banks_word(self):
        self._get_instruction("register").state = "sent"
        self.title.state = "sent"
        event = self._settle(
            self._tell("registered", self.title, DAY, pix_copy_paste="00020126…")
        )
        self.assertEqual(self.title.state, "registered")
        self.assertEqual(self.title.pix_copy_paste, "00020126…")
        self.assertEqual(self._get_instruction("register").state, "confirmed")
        self.assertEqual((event.outcome, event.to_look), ("registered", False))

    def test_refused_registration_says_why_and_alerts(self):
        clerk = self._create_user("clerk", "group_contract_billing")
        self.company.write(
            {"is_contract_alerted": True, "contract_alert_user_id": clerk.id}
        )
        self.title.state = "sent"
        self._get_instruction("register").state = "sent"
        event = self._settle(self._tell("rejected", self.title, DAY, reasons=("11",)))
        self.assertEqual(self.title.state, "rejected")
        instruction = self._get_instruction("register")
        self.assertEqual(instruction.state, "refused")
        self.assertIn("CEP", instruction.message)
        self.assertIn("CEP", event.story)
        self.assertIn(self.title.nosso_numero_full, event.story)
        self.assertTrue(event.to_look)
        activity = self.contract.activity_ids
        self.assertEqual(activity.user_id, clerk)
        self.assertIn("boleto", activity.summary)

    def test_invoice_of_a_refused_title_may_have_another(self):
        self._settle(self._tell("rejected", self.title, DAY))
        self.move.action_issue_boleto()
        self.assertEqual(len(self.move.collection_title_ids), 2)

    def test_payment_told_before_its_registration(self):
        self._settle(self._paid(self.title))
        self._settle(self._tell("registered", self.title, DAY))
        self.assertEqual(self.title.state, "paid")

    def test_registered_and_paid_in_one_file_in_any_order(self):
        self.title.state = self._get_instruction("register").state = "sent"
        self._settle(
            self._paid(self.title),
            self._tell("registered", self.title, DAY),
        )
        self.assertEqual(self.title.state, "paid")
        self.assertEqual(self._get_instruction("register").state, "confirmed")

    def test_confirmed_change_holds_for_the_title(self):
        self.title.state = "registered"
        self.title._instruct("change_due_date", due_date=date(2026, 3, 20))
        self._get_instruction("change_due_date").state = "sent"
        before = self.title.barcode
        self._settle(self._tell("changed", self.title, DAY, occurrence="14"))
        self.assertEqual(self.title.due_date, date(2026, 3, 20))
        self.assertNotEqual(self.title.barcode, before)
        self.assertEqual(self._get_instruction("change_due_date").state, "confirmed")

    def test_refused_change_leaves_the_title_as_it_is(self):
        self.title.state = "registered"
        self.title._instruct("change_due_date", due_date=date(2026, 3, 20))
        self._get_instruction("change_due_date").state = "sent"
        event = self._settle(self._tell("refused", self.title, DAY, reasons=("31",)))
        self.assertEqual(self.title.due_date, date(2026, 3, 10))
        instruction = self._get_instruction("change_due_date")
        self.assertEqual(instruction.state, "refused")
        self.assertTrue(instruction.message)
        self.assertTrue(event.to_look)

    def test_answer_goes_to_the_instruction_of_its_occurrence(self):
        self.title.state = "registered"
        self.title._instruct("change_due_date", due_date=date(2026, 3, 20))
        self.title._instruct("protest")
        sent = self._get_instruction("change_due_date") | self._get_instruction(
            "protest"
        )
        sent.write({"state": "sent"})
        self._settle(self._tell("changed", self.title, DAY, occurrence="19"))
        self.assertEqual(self._get_instruction("protest").state, "confirmed")
        self.assertEqual(self._get_instruction("change_due_date").state, "sent")

    def test_write_off_that_was_asked_for_needs_no_look(self):
        self.title.state = "registered"
        self.title._instruct("write_off")
        self._get_instruction("write_off").state = "sent"
        event = self._settle(self._tell("written_off", self.title, DAY))
        self.assertEqual(self.title.state, "written_off")
        self.assertEqual(self._get_instruction("write_off").state, "confirmed")
        self.assertFalse(event.to_look)

    def test_write_off_by_the_bank_itself_needs_a_look(self):
        self.title.state = "registered"
        event = self._settle(self._tell("written_off", self.title, DAY))
        self.assertTrue(event.to_look)

    def test_paid_title_is_not_written_off(self):
        self._settle(self._paid(self.title))
        event = self._settle(self._tell("written_off", self.title, DAY))
        self.assertEqual(self.title.state, "paid")
        self.assertFalse(event.to_look)

    def test_protest_nobody_asked_for_needs_a_look(self):
        self.title.state = "registered"
        event = self._settle(self._tell("protested", self.title, DAY))
        self.assertEqual(self.title.state, "protested")
        self.assertTrue(event.to_look)

    def test_notice_of_a_title_of_another_system_is_kept_without_a_flag(self):
        event = self._settle(self._tell("registered", "987654", DAY))
        self.assertEqual((event.outcome, event.to_look), ("unknown_title", False))

    # === CLOSED BOOKS ===

    def test_payment_of_a_closed_period_waits_with_its_reason(self):
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        events = self.env["collection.event"]._receive(
            self.account,
            [self._paid(self.title), self._tell("registered", self.title, DAY)],
        )
        events._settle()
        payment, registration = events
        self.assertEqual((payment.state, registration.state), ("failed", "done"))
        self.assertIn("closed until", payment.message)
        self.assertEqual(payment.story, payment.message)
        self.assertTrue(payment.to_look)
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assertFalse(payment.posted_line_ids)
        self.company.fiscalyear_lock_date = False
        payment.action_retry()
        self.assertEqual((payment.state, payment.outcome), ("done", "settled"))
        self.assertEqual(payment.posted_line_ids.date, date(2026, 3, 10))

    def test_retry_needs_something_that_failed(self):
        event = self._settle(self._paid(self.title))
        with self.assertRaisesRegex(UserError, "nothing to try again"):
            event.action_retry()

    def test_journal_without_an_account_fails_in_words(self):
        self.bank_journal.default_account_id = False
        event = self.env["collection.event"]._receive(
            self.account, [self._paid(self.title)]
        )
        event._settle()
        self.assertEqual(event.state, "failed")
        self.assertIn("no bank account", event.message)
        self.assertIn("no bank account", self.account.setup_message)

    # === RENEGOTIATION, CANCELLATION ===

    def test_payment_of_a_cancelled_contract_pays_its_invoice(self):
        reason = self.env["contract.terminate.reason"].create({"name": "Moved"})
        self.contract._close(date(2026, 3, 11), reason, "Moved away")
        event = self._settle(self._paid(self.title))
        self.assertEqual(event.outcome, "settled")
        self.assertEqual(self.move.payment_state, "paid")

    def test_service_is_back_in_the_transaction_of_the_payment(self):
        self.env["contract.dunning.entry"].create(
            {
                "contract_id": self.contract.id,
                "move_id": self.move.id,
                "kind": "block",
                "date": date(2026, 3, 11),
            }
        )
        self.contract._refresh_service_state(date(2026, 4, 20))
        self.assertEqual(self.contract.service_state, "blocked")
        self._settle(self._paid(self.title, date(2026, 3, 11)))
        self.assertEqual(self.contract.service_state, "full")


@tagged("post_install", "-at_install")
class TestPaymentsReturned(SettleCase):
    """A payment that went back is undone, and the invoice owed again."""

    def _return(self, paid=99.90, **values):
        return self._tell(
            "returned", self.title, date(2026, 3, 12), paid=paid, **values
        )

    def test_whole_payment_is_undone(self):
        payment = self._settle(self._paid(self.title))
        event = self._settle(self._return())
        self.assertEqual((event.outcome, event.to_look), ("returned", True))
        self.assertEqual(event.returned_event_id, payment)
        self.assertEqual(
            (self.move.payment_state, self.move.amount_residual), ("not_paid", 99.90)
        )
        self.assertTrue(self.move._needs_boleto())
        self.assertEqual(self._get_credit(), 0.0)
        # what was paid in February is all that is left
        money = self.bank_journal.default_account_id
        self.assertEqual(self._get_balance(money), 99.90)

    def test_part_is_undone(self):
        self._settle(self._paid(self.title))
        self._settle(self._return(30.00))
        self.assertEqual(
            (self.move.payment_state, self.move.amount_residual), ("partial", 30.00)
        )
        self.assertEqual(self.title.state, "paid")

    def test_second_payment_goes_back(self):
        self._settle(self._paid(self.title), self._paid(self.title))
        self._settle(self._return())
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self._get_credit(), 0.0)

    def test_fine_and_interest_of_an_undone_payment_are_undone(self):
        self._settle(self._paid(self.title, date(2026, 3, 25), 102.40))
        late = self.move.late_charge_ids.move_id
        self.assertEqual(late.payment_state, "paid")
        self._settle(self._tell("returned", self.title, date(2026, 3, 27), paid=102.40))
        self.assertFalse(self.move._get_live_late_charges())
        self.assertEqual(self.move.amount_residual, 99.90)
        self.assertEqual(self._get_credit(), 0.0)

    def test_what_was_granted_is_undone_too(self):
        self._settle(self._paid(self.title, date(2026, 3, 25), 102.35))
        self._settle(self._tell("returned", self.title, date(2026, 3, 27), paid=102.35))
        self.assertEqual(self._get_balance(self.account.discount_account_id), 0.0)
        self.assertEqual(self.move.amount_residual, 99.90)

    def test_return_of_money_in_suspense(self):
        self._settle(self._paid("987654"))
        event = self._settle(
            self._tell("returned", "987654", date(2026, 3, 12), paid=99.90)
        )
        self.assertEqual(event.outcome, "returned")
        self.assertEqual(self._get_balance(self.account.suspense_account_id), 0.0)

    def test_return_of_an_unknown_payment_waits_in_suspense(self):
        event = self._settle(
            self._tell("returned", "987654", date(2026, 3, 12), paid=99.90)
        )
        self.assertEqual((event.outcome, event.to_look), ("unmatched_return", True))
        self.assertEqual(self._get_balance(self.account.suspense_account_id), 99.90)

    def test_returned_twice_takes_back_once(self):
        self._settle(self._paid(self.title))
        first, second = self._settle(self._return(), self._return())
        self.assertEqual(
            (first.outcome, second.outcome), ("returned", "unmatched_return")
        )

    def test_return_waits_for_its_payment(self):
        payment = self.env["collection.event"]._receive(
            self.account, [self._paid(self.title)]
        )
        event = self.env["collection.event"]._receive(self.account, [self._return()])
        event._settle()
        self.assertEqual(event.state, "pending")
        payment._settle()
        cron = self.env.ref("contract_fiscal_br.ir_cron_settle_collection_events")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual((event.state, event.outcome), ("done", "returned"))
