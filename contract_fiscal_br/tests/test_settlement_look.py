from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .settle_common import SettleCase


@tagged("post_install", "-at_install")
class TestNeedsALook(SettleCase):
    """What needs a look has buttons that act, and each can be undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("clerk", "group_contract_billing")
        cls.reader = cls._create_user("reader", "group_contract_reader")

    def _open(self, event):
        action = event.action_apply()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        return Form(wizard.with_context(**action["context"]))

    def _get_suspense(self):
        return self._get_balance(self.account.suspense_account_id)

    def test_unknown_payment_finds_its_invoice_by_document_and_amount(self):
        event = self._settle(
            self._paid("987654", document_number=self.title.document_number)
        ).with_user(self.clerk)
        wizard = self._open(event).save()
        self.assertEqual(wizard.suggestion_ids[:1], self.move)
        self.assertEqual(wizard.partner_id, self.partner)
        self.assertEqual(wizard.move_ids, self.move)
        wizard.action_apply()
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self._get_suspense(), 0.0)
        self.assertEqual((event.resolution, event.to_look), ("applied", False))
        self.assertEqual(event.looked_by_id, self.clerk)

    def test_found_later_it_was_paid_on_the_day_the_payer_paid(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        # found on 11/03, paid on the due date: neither fine nor interest
        event._apply(self.partner, self.move)
        self.assertFalse(self.move.late_charge_ids)

    def test_amount_suggests_where_nothing_else_does(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        self.assertIn(self.move, self._open(event).save().suggestion_ids)

    def test_what_the_invoice_does_not_need_becomes_a_credit(self):
        event = self._settle(self._paid("987654", paid=120.00)).with_user(self.clerk)
        event._apply(self.partner, self.move)
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self._get_credit(), 20.10)

    def test_a_suggestion_is_paid_by_one_press(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        move = self.move.with_user(self.clerk)
        move.with_context(collection_event_id=event.id).action_pay_by_event()
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual((event.resolution, event.to_look), ("applied", False))
        with self.assertRaisesRegex(UserError, "Nothing of this payment is free"):
            move.with_context(collection_event_id=event.id).action_pay_by_event()

    def test_no_suggestion_is_paid_without_a_payment(self):
        with self.assertRaisesRegex(UserError, "Choose the payment first"):
            self.move.with_user(self.clerk).action_pay_by_event()

    def test_credit_of_a_customer_pays_nobody_elses_invoice(self):
        other = self._bill_contract(
            date(2026, 3, 1), partner=self._create_customer("João")
        )
        _first, second = self._settle(
            self._paid(self.title), self._paid(self.title)
        ).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "not an open invoice of"):
            second._pay_invoice(other)
        self.assertEqual(other.payment_state, "not_paid")

    def test_readers_pay_no_suggestion(self):
        event = self._settle(self._paid("987654"))
        move = self.move.with_user(self.reader)
        with self.assertRaises(UserError):
            move.with_context(collection_event_id=event.id).action_pay_by_event()

    def test_undone_it_waits_in_suspense_again(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        event._apply(self.partner, self.move)
        event._mark_seen("found")
        event.action_undo()
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assertEqual(self._get_suspense(), -99.90)
        self.assertEqual(self._get_credit(), 0.0)
        self.assertTrue(event.to_look)
        self.assertFalse(event.look_note)
        event._apply(self.partner, self.move)
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self._get_suspense(), 0.0)

    def test_undone_the_invoice_has_a_boleto_again(self):
        event = self._settle(self._paid("987654"))
        event._apply(self.partner, self.move)
        self.assertEqual(self.title.state, "cancelled")
        event.action_undo()
        # a day late: 99,90, 2 % and a day of 1 % a month
        self.assertEqual(self.move._get_current_titles().amount, 101.93)

    def test_story_tells_what_was_done_by_hand(self):
        event = self._settle(self._paid("987654"))
        event._apply(self.partner, self.move)
        self.assertIn(f"put to {self.move.name} of Maria da Silva", event.story)
        event.action_undo()
        self.assertIn("Nobody knows the boleto 987654", event.story)
        event._apply(self.partner, self.env["account.move"])
        self.assertIn("a credit of Maria da Silva", event.story)

    def test_story_tells_that_the_credit_was_used(self):
        _first, second = self._settle(self._paid(self.title), self._paid(self.title))
        self.assertNotIn("used since", second.story)
        self._bill_month(date(2026, 4, 1))
        second.invalidate_recordset(["story", "free_amount"])
        self.assertIn("The credit was used since", second.story)

    def test_rest_of_a_part_gets_a_boleto_from_the_list(self):
        event = self._settle(self._paid(self.title, date(2026, 3, 10), 40.00))
        self.assertTrue(event.is_boleto_missing)
        event.action_issue_boleto()
        self.assertEqual(self.move._get_current_titles().residual, 59.90)
        self.assertEqual((event.to_look, event.is_boleto_missing), (False, False))

    def test_money_to_be_paid_back_opens_its_refund(self):
        _first, second = self._settle(self._paid(self.title), self._paid(self.title))
        key = self._prepare_pix_refunds()
        action = second.action_refund()
        form = Form(self.env["customer.refund"].with_context(**action["context"]))
        self.assertEqual(
            (form.partner_id, form.line_id, form.amount, form.pix_id, form.account_id),
            (self.partner, second._get_free_lines(), 99.90, key, self.account),
        )
        self.assertIn("Maria da Silva was paid twice", form.reason)

    def test_undone_after_two_invoices_neither_is_paid(self):
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        event = self._settle(self._paid("987654", paid=199.80)).with_user(self.clerk)
        event._apply(self.partner, self.move)
        event._apply(self.partner, april)
        self.assertEqual(event.resolution_move_ids, self.move | april)
        event.action_undo()
        states = (self.move | april).mapped("payment_state")
        self.assertEqual(states, ["not_paid", "not_paid"])
        self.assertEqual((self._get_credit(), self._get_suspense()), (0.0, -199.80))

    def test_undone_credit_leaves_the_invoice_that_used_it(self):
        """April's invoice took the credit by itself, when it was billed."""
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        event._apply(self.partner, self.env["account.move"])
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        self.assertEqual(april.payment_state, "paid")
        event.action_undo()
        self.assertEqual(april.payment_state, "not_paid")
        self.assertEqual(self._get_suspense(), -99.90)

    def test_credit_that_was_paid_back_is_not_undone(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        event._apply(self.partner, self.env["account.move"])
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": 99.90,
                "date": date(2026, 3, 11),
                "journal_id": self.bank_journal.id,
            }
        )
        payment.action_post()
        credit = event._get_free_lines()
        (credit | self._get_receivable(payment.move_id)).sudo().reconcile()
        with self.assertRaisesRegex(UserError, "was paid back"):
            event.action_undo()
        self.assertEqual(event.resolution, "credit")

    def test_unknown_payment_becomes_a_credit_and_back(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        form = self._open(event)
        form.partner_id = self.partner
        form.save().action_make_credit()
        self.assertEqual((event.resolution, self._get_credit()), ("credit", 99.90))
        event.action_undo()
        self.assertEqual((self._get_credit(), self._get_suspense()), (0.0, -99.90))

    def test_second_payment_pays_another_invoice(self):
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        _first, second = self._settle(
            self._paid(self.title), self._paid(self.title)
        ).with_user(self.clerk)
        second._apply(self.partner, april)
        self.assertEqual(april.payment_state, "paid")
        self.assertFalse(second.free_amount)
        second.action_undo()
        self.assertEqual(april.payment_state, "not_paid")
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(second.free_amount, 99.90)

    def test_money_to_be_paid_back_is_not_used(self):
        _first, second = self._settle(
            self._paid(self.title), self._paid(self.title)
        ).with_user(self.clerk)
        second.action_refund()
        self.assertFalse(second.to_look)
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        self.assertEqual(april.payment_state, "not_paid")
        second.action_undo()
        self.assertFalse(second.is_credit_kept)

    def test_money_of_nobody_is_not_paid_back(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Whose money"):
            event.action_refund()

    def test_used_money_is_not_used_again(self):
        event = self._settle(self._paid(self.title)).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "free any more"):
            event._apply(self.partner, self.move)

    def test_invoice_of_somebody_else_is_refused(self):
        event = self._settle(self._paid("987654")).with_user(self.clerk)
        other = self._create_customer("João")
        with self.assertRaisesRegex(UserError, "not an open invoice of"):
            event._apply(other, self.move)
        self.assertEqual(self._get_suspense(), -99.90)

    def test_paid_after_cancellation_suggests_its_own_invoice_first(self):
        self.title.state = "cancelled"
        event = self._settle(self._paid(self.title)).with_user(self.clerk)
        self.assertEqual(self._open(event).save().suggestion_ids[:1], self.move)

    def test_seen_with_a_note_and_looked_at_again(self):
        event = self._settle(self._paid(self.title, paid=40)).with_user(self.clerk)
        action = event.action_mark_seen()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard.with_context(**action["context"]).create(
            {"note": "pays the rest on Friday"}
        ).action_mark()
        self.assertEqual(event.look_note, "pays the rest on Friday")
        self.assertFalse(event.to_look)
        event.action_look_again()
        self.assertTrue(event.to_look)

    def test_list_and_tile_show_what_waits(self):
        self._settle(self._paid(self.title, paid=40), self._paid("987654"))
        events = self.env["collection.event"].with_user(self.clerk)
        self.assertEqual(events.search_count([("to_look", "=", True)]), 2)
        self.assertNotIn(
            True,
            events.search([("to_look", "!=", True)]).mapped("to_look"),
        )
        overview = self.env["contract.overview"].with_user(self.clerk)
        tiles = {
            tile["key"]: tile["count"]
            for section in overview.get_overview()["sections"]
            for tile in section["tiles"]
        }
        self.assertEqual(tiles["collection"], 2)

    # === RIGHTS ===

    def test_buttons_need_a_permission(self):
        event = self._settle(self._paid("987654")).with_user(self.reader)
        for button in (
            event.action_apply,
            event.action_refund,
            event.action_undo,
            event.action_mark_seen,
            event.action_look_again,
            event.action_retry,
        ):
            with self.assertRaisesRegex(UserError, "Ask a manager"):
                button()
        with self.assertRaises(AccessError):
            event.write({"outcome": "settled"})

    def test_clerk_of_another_company_sees_nothing(self):
        event = self._settle(self._paid("987654"))
        other = self.env["res.company"].create({"name": "Outro Provedor"})
        self.clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        foreign = event.with_user(self.clerk).with_company(other)
        self.assertFalse(foreign.search([]))
        for button in (foreign.action_apply, foreign.action_look_again):
            with self.assertRaises(AccessError):
                button()

    def test_stories_say_what_happened(self):
        twice = self._settle(self._paid(self.title), self._paid(self.title))[1]
        self.assertIn("Maria da Silva was paid twice", twice.story)
        self.assertIn("99.90", twice.story)
        unknown = self._settle(self._paid("987654"))
        self.assertIn("Nobody knows the boleto 987654", unknown.story)

    def test_credit_of_a_refund_on_its_way_stops_no_billing(self):
        _first, second = self._settle(self._paid(self.title), self._paid(self.title))
        self._approve_refund(second)
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        self.assertEqual(april.payment_state, "not_paid")
