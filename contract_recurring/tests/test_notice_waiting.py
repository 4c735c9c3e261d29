from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_notice import NoticeCase


class WaitingCase(NoticeCase):
    """The invoice is due on 10/03/2026 and the bank knows nothing of it yet.

    With 5 days before the due date it is sent on 05/03 in any case.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-01 12:00:00"))
        cls.waits = {cls.move: "registration"}
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["account.move"],
                "_get_payment_slip_waits",
                lambda moves: {m: w for m, w in cls.waits.items() if m in moves},
            )
        )
        cls.clerk = cls._create_user("clerk", "group_contract_billing")

    def setUp(self):
        super().setUp()
        self.waits.clear()
        self.waits[self.move] = "registration"

    def _tell(self, **values):
        """Return the notice that brings the invoice, as billing prepares it."""
        request = self.move._prepare_billed_request() | values
        return self.env["contract.notice"]._prepare_notices([request])

    def _follow(self):
        """Do what the cron does; its jobs run at once, but send nothing."""
        self.env["contract.notice"]._queue_waiting()


@tagged("contract_recurring", "post_install", "-at_install")
class TestNoticeWaiting(WaitingCase):
    """What cannot be paid yet waits, is sent once, and never too late."""

    def test_what_cannot_be_paid_waits(self):
        notice = self._tell()
        self.assertEqual(notice.state, "waiting")
        self.assertEqual(notice.wait_reason, "registration")
        self.assertEqual(notice.wait_until, date(2026, 3, 5))
        self.assertFalse(notice.body)
        self._follow()
        self.assertEqual(notice.state, "waiting")

    def test_what_can_be_paid_leaves_at_once(self):
        self.waits.clear()
        notice = self._tell()
        self.assertEqual((notice.state, notice.wait_reason), ("pending", False))
        self.assertFalse(notice.wait_until)

    def test_confirmed_it_leaves_with_the_words_of_that_day(self):
        notice = self._tell()
        self.waits.clear()
        self.partner.email = "nova@example.com"
        with freeze_time("2026-03-02 12:00:00"):
            self._follow()
        self.assertEqual(notice.state, "pending")
        self.assertEqual((notice.wait_reason, notice.wait_until), (False, False))
        self.assertEqual(notice.recipient, "nova@example.com")
        self.assertEqual(notice.date, date(2026, 3, 2))
        self.assertIn("99,90", notice.body)

    def test_on_the_last_day_it_leaves_anyway(self):
        notice = self._tell()
        with freeze_time("2026-03-04 12:00:00"):
            self._follow()
            self.assertEqual(notice.state, "waiting")
        # 21:30 of the 4th in São Paulo, which is the 5th in UTC
        with freeze_time("2026-03-05 00:30:00"):
            self._follow()
            self.assertEqual(notice.state, "waiting")
        with freeze_time("2026-03-05 12:00:00"):
            self._follow()
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.wait_reason, "registration")

    def test_answer_and_last_day_send_it_once(self):
        notice = self._tell()
        self.waits.clear()
        with freeze_time("2026-03-05 12:00:00"):
            self._follow()
            notice.sudo().write({"state": "sent", "noticed_on": date(2026, 3, 5)})
            notice._follow_waiting()
            self._follow()
            self.move._send_billed()
        self.assertEqual(self.move.contract_notice_ids, notice)
        self.assertEqual(notice.key, f"invoice/{self.move.id}")
        self.assertEqual(notice.state, "sent")

    def test_asked_again_nothing_else_sends_it(self):
        notice = self._tell()
        self.move._send_billed()
        self.assertEqual(self.move.contract_notice_ids, notice)
        self.assertEqual(notice.state, "waiting")

    def test_days_before_the_due_date_are_the_companys(self):
        self.company.contract_wait_days = 3
        self.assertEqual(self._tell().wait_until, date(2026, 3, 7))
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.company.contract_wait_days = 0
            self.env.flush_all()

    def test_billed_late_it_waits_a_day(self):
        with freeze_time("2026-03-07 12:00:00"):
            self.assertEqual(self._tell().wait_until, date(2026, 3, 8))

    def test_billed_just_before_the_due_date_it_does_not_wait(self):
        """On the 9th a day more would be the due date."""
        with freeze_time("2026-03-09 12:00:00"):
            notice = self._tell()
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.wait_reason, "registration")

    def test_notices_of_the_law_never_wait(self):
        for kind in ("notice", "block_warning", "termination_notice"):
            notice = self._tell(kind=kind, key=f"test/{kind}")
            self.assertEqual((notice.state, notice.wait_reason), ("pending", False))

    def test_a_reminder_waits_as_the_invoice_does(self):
        self.assertEqual(self._tell(kind="reminder", key="r").state, "waiting")

    def test_whom_nothing_reaches_is_not_waited_for(self):
        self.partner.write({"email": False, "phone": False})
        self.assertEqual(self._tell().state, "skipped")

    def test_paid_while_it_waited_it_is_not_sent(self):
        notice = self._tell()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({})._create_payments()
        self.waits.clear()
        self._follow()
        self.assertEqual((notice.state, notice.error), ("skipped", "Paid already"))

    def test_another_reason_is_shown(self):
        notice = self._tell()
        self.waits[self.move] = "refused"
        self._follow()
        self.assertEqual((notice.state, notice.wait_reason), ("waiting", "refused"))

    # === BY HAND ===

    def test_sent_at_once_by_those_who_may(self):
        notice = self._tell()
        reader = self._create_user("reader", "group_contract_operator")
        with self.assertRaises(UserError):
            notice.with_user(reader).action_send_now()
        self.assertEqual(notice.state, "waiting")
        notice.with_user(self.clerk).action_send_now()
        self.assertEqual(
            (notice.state, notice.wait_reason), ("pending", "registration")
        )
        with self.assertRaisesRegex(UserError, "reload the page"):
            notice.with_user(self.clerk).action_send_now()

    def test_another_company_sends_nothing_at_once(self):
        notice = self._tell()
        company = self.env["res.company"].create({"name": "Outro Provedor"})
        intruder = self._create_user("intruder", "group_contract_manager")
        intruder.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            notice.with_user(intruder).action_send_now()
        self.assertEqual(notice.state, "waiting")

    # === MANY AT ONCE ===

    def test_a_sending_says_beforehand_what_waits_and_stays_open(self):
        action = self.move.with_user(self.clerk).action_send_contract_invoices()
        sending = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(sending.item_ids.wait_reason, "registration")
        sending.sudo().state = "running"
        sending._process(sending.item_ids.ids)
        sending._finish()
        self.assertEqual((sending.waiting_count, sending.sent_percent), (1, 0))
        self.assertEqual(sending.state, "running")
        sending.with_user(self.clerk).action_cancel()
        self.assertEqual(sending.item_ids.notice_id.state, "skipped")

    def test_a_sending_takes_what_waits_already(self):
        """The customer gets one message; cancelling the sending leaves it alone."""
        notice = self._tell()
        action = self.move.with_user(self.clerk).action_send_contract_invoices()
        sending = self.env[action["res_model"]].browse(action["res_id"])
        sending.sudo().state = "running"
        sending._process(sending.item_ids.ids)
        self.assertEqual(sending.item_ids.notice_id, notice)
        self.assertEqual(self.move.contract_notice_ids, notice)
        sending.with_user(self.clerk).action_cancel()
        self.assertEqual(notice.state, "waiting")

    def test_queries_do_not_grow_with_the_notices(self):
        def bill(names):
            for name in names:
                partner = self._create_customer(name, email=f"{name}@example.com")
                self._create_contract(activation=date(2026, 3, 10), partner=partner)
            known = self.env["account.move"].search([])
            self._bill_month(date(2026, 3, 1))
            moves = self.env["account.move"].search([]) - known
            self.waits.update(dict.fromkeys(moves, "registration"))
            notices = self.env["contract.notice"]._prepare_notices(
                [move._prepare_billed_request() for move in moves]
            )
            self.waits.clear()
            return notices

        def count(notices):
            self.assertEqual(set(notices.mapped("state")), {"waiting"})
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            with patch.object(type(notices), "_queue"):  # sending is one by one
                notices._follow_waiting()
            self.env.flush_all()
            self.assertEqual(set(notices.mapped("state")), {"pending"})
            return self.env.cr.sql_log_count - start

        count(bill(["a"]))  # what is read once
        few, many = bill("bc"), bill("defghijklm")
        self.assertEqual(len(many), 10)
        self.assertLessEqual(count(many), count(few))
