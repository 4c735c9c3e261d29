from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_notice import NoticeCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestInvoiceSending(NoticeCase):
    """Many invoices at once, by hand or after billing (S000-05, 12, S002-25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("clerk", "group_contract_billing")

    def _choose(self, moves, user=None):
        action = moves.with_user(user or self.clerk).action_send_contract_invoices()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _invoice_of(self, name, **values):
        contract = self._create_contract(
            activation=date(2026, 3, 10), partner=self._create_customer(name, **values)
        )
        self._bill_month(date(2026, 3, 1))
        return contract.charge_ids.move_id

    def test_preview_says_what_will_happen(self):
        by_sms = self._invoice_of("João", phone="+55 11 91234-5678")
        unreachable = self._invoice_of("Ana")
        paid = self._invoice_of("Rita", email="rita@example.com")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=paid.ids
        ).create({})._create_payments()
        sending = self._choose(self.move | by_sms | unreachable | paid)
        self.assertEqual(sending.state, "draft")
        self.assertEqual((sending.email_count, sending.sms_count), (1, 1))
        self.assertEqual(sending.no_contact_count, 1)
        self.assertEqual(sending.left_out_count, 1)
        self.assertFalse(self.env["contract.notice"].search([]))
        left_out = sending.item_ids.filtered(lambda item: item.state == "left_out")
        self.assertEqual(left_out.message, "Paid already")

    def test_sent_as_the_preview_said(self):
        unreachable = self._invoice_of("Ana")
        sending = self._choose(self.move | unreachable)
        sending.with_user(self.clerk).with_context(
            queue_job__no_delay=False
        ).action_send()
        sending._process(sending.item_ids.ids)
        sending._finish()
        notices = sending.item_ids.notice_id.sorted("id")
        self.assertEqual(notices.mapped("state"), ["pending", "skipped"])
        self.assertEqual(notices[0].kind, "invoice")
        self.assertEqual(notices[0].recipient, "maria@example.com")
        self.assertTrue(notices[0].template_id.is_invoice_attached)
        self.assertEqual(sending.state, "running")
        self.assertEqual(sending.sent_percent, 50)
        self.assertEqual(sending.unsent_count, 1)
        notices[0].write({"state": "sent"})
        self.assertEqual((sending.sent_count, sending.sent_percent), (1, 100))
        sending._finish()
        self.assertEqual(sending.state, "done")

    def test_cancelled_before_it_left(self):
        sending = self._choose(self.move)
        sending.sudo().state = "running"
        sending._process(sending.item_ids.ids)
        self.assertEqual(sending.item_ids.notice_id.state, "pending")
        sending.with_user(self.clerk).action_cancel()
        self.assertEqual(sending.state, "cancelled")
        self.assertEqual(sending.item_ids.notice_id.state, "skipped")

    def test_a_batch_run_twice_prepares_once(self):
        sending = self._choose(self.move)
        sending.sudo().state = "running"
        sending._process(sending.item_ids.ids)
        sending.item_ids.sudo().write({"state": "pending"})
        sending._process(sending.item_ids.ids)
        self.assertEqual(len(self.move.contract_notice_ids), 1)

    def test_another_channel_changes_the_preview(self):
        sending = self._choose(self.move)
        sending.with_user(self.clerk).channel = "sms"
        self.assertEqual((sending.email_count, sending.sms_count), (0, 1))
        self.assertEqual(sending.item_ids.recipient, "+5511987654321")

    def test_overdue_invoices_are_added(self):
        """Due on 10/03/2026: not overdue on that day, but on the 11th."""
        sending = self.env["contract.invoice.sending"].create({})
        with freeze_time("2026-03-10 12:00:00"):
            sending.action_add_overdue()
            self.assertNotIn(self.move, sending.item_ids.move_id)
        with freeze_time("2026-03-11 12:00:00"):
            sending.action_add_overdue()
            sending.action_add_overdue()
        self.assertEqual(
            sending.item_ids.filtered(lambda i: i.move_id == self.move).mapped("state"),
            ["pending"],
        )

    def test_nothing_to_send_is_said(self):
        sending = self.env["contract.invoice.sending"].create({})
        with self.assertRaisesRegex(UserError, "Choose some first"):
            sending.action_send()

    def test_sending_is_a_permission(self):
        reader = self._create_user("reader", "group_contract_operator")
        with self.assertRaises(UserError):
            self._choose(self.move, user=reader)
        sending = self._choose(self.move)
        with self.assertRaises(UserError):
            sending.with_user(reader).action_send()

    # === AFTER BILLING ===

    def test_billed_invoices_go_out_by_themselves_when_wanted(self):
        self.assertFalse(self.move.contract_notice_ids)
        self.company.is_contract_invoice_sent = True
        self._bill_month(date(2026, 4, 1))
        moves = self.contract.charge_ids.move_id - self.move
        self.assertEqual(len(moves), 1)
        notice = moves.contract_notice_ids
        self.assertEqual(notice.kind, "invoice")
        self.assertEqual(notice.recipient, "maria@example.com")
        self.assertIn("99,90", notice.body)
        moves._send_billed()
        self.assertEqual(moves.contract_notice_ids, notice)

    # === INTRUDERS ===

    def test_another_company_and_the_portal_reach_none_of_it(self):
        sending = self._choose(self.move)
        intruder = self._create_user("intruder", "group_contract_manager")
        company = self.env["res.company"].create({"name": "Outro Provedor"})
        intruder.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        portal = new_test_user(self.env, login="portal", groups="base.group_portal")
        for user in (intruder, portal):
            with self.assertRaises(UserError):
                self._choose(self.move, user=user)
            with self.assertRaises(AccessError):
                sending.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                sending.item_ids.with_user(user).read(["recipient"])
            with self.assertRaises(UserError):
                sending.with_user(user).action_send()
        self.assertEqual(sending.state, "draft")
