import doctest
from datetime import date
from textwrap import dedent

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import delivery_report
from .test_dunning import DunningCase
from .test_notice import NoticeCase

# As of RFC 3464, appendix E.1, shortened.
REPORT = """\
    Return-Path: <>
    Date: Sat, 21 Mar 2026 09:00:00 -0300
    From: Mail Delivery Subsystem <{sender}>
    To: bounce@provedor.example
    Subject: Undelivered Mail Returned to Sender
    Message-ID: <report-{number}@mx.example>
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="b"

    --b
    Content-Type: text/plain

    Your message was returned.

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.example

    Original-Recipient: rfc822; {address}
    Final-Recipient: rfc822; {address}
    Action: {action}
    Status: 5.1.1
    Diagnostic-Code: smtp; 550 5.1.1 {address} unknown

    --b
    Content-Type: text/rfc822-headers

    From: cobranca@provedor.example
    To: {address}
    Message-Id: {message_id}

    --b--
    """
PLAIN = """\
    From: {sender}
    To: bounce@provedor.example
    Subject: {subject}
    Message-ID: <plain-{number}@mx.example>
    In-Reply-To: {message_id}
    MIME-Version: 1.0
    Content-Type: text/plain

    {subject}
    """


class BounceCase:
    """Reports of a mail server, taken in as Odoo's incoming mail does."""

    def _receive(self, notice, text=REPORT, **values):
        self.number = getattr(self, "number", 0) + 1
        mail = dedent(text).format(
            **{
                "number": self.number,
                "sender": "MAILER-DAEMON@mx.example",
                "address": notice.recipient,
                "action": "failed",
                "subject": "Returned mail",
                "message_id": notice.provider_ref,
                **values,
            }
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(False, mail)

    def _set_sent(self, notice, day=date(2026, 3, 20)):
        driver = self.env["contract.notice.channel.email"]
        notice.sudo().write(
            {
                "state": "sent",
                "noticed_on": day,
                "provider_ref": driver._get_own_message_id(notice),
            }
        )
        return notice


@tagged("contract_recurring", "post_install", "-at_install")
class TestNoticeBounce(BounceCase, NoticeCase):
    """An e-mail that came back proves nothing, and the next channel is tried."""

    def setUp(self):
        super().setUp()
        self.notice = self._set_sent(self._prepare())
        self.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "provedor.example", "bounce_alias": "bounce"}
        )

    def test_examples(self):
        results = doctest.testmod(delivery_report)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)

    def test_a_returned_notice_is_no_proof(self):
        self.assertTrue(self.notice.is_valid_notice)
        self._receive(self.notice)
        self.assertEqual(self.notice.state, "failed")
        self.assertFalse(self.notice.is_valid_notice)
        self.assertFalse(self.notice.noticed_on)
        self.assertEqual(self.notice.unreached, "maria@example.com")
        self.assertIn("550 5.1.1", self.notice.error)

    def test_the_same_report_twice_changes_nothing(self):
        self._receive(self.notice)
        error = self.notice.error
        self._receive(self.notice, action="failed")
        self.assertEqual((self.notice.state, self.notice.error), ("failed", error))

    def test_a_delay_is_no_failure(self):
        self._receive(self.notice, action="delayed")
        self.assertTrue(self.notice.is_valid_notice)
        self.assertFalse(self.notice.error)

    def test_a_report_of_delivery_proves_it_better(self):
        self._receive(self.notice, action="delivered")
        self.assertEqual(self.notice.state, "delivered")
        self.assertEqual(self.notice.noticed_on, date(2026, 3, 20))

    def test_an_answering_machine_is_no_failure(self):
        self._receive(
            self.notice, PLAIN, sender="maria@example.com", subject="On holiday"
        )
        self.assertTrue(self.notice.is_valid_notice)

    def test_a_report_in_plain_words_is_one(self):
        self._receive(self.notice, PLAIN, sender="MAILER-DAEMON@mx.example")
        self.assertEqual(self.notice.state, "failed")
        self.assertEqual(self.notice.error, "Returned mail")

    def test_a_report_in_plain_words_with_a_copy_of_the_notice(self):
        words = f"No such user\n\n    Message-ID: {self.notice.provider_ref}"
        text = PLAIN.replace("    {subject}\n    ", f"    {words}\n    ")
        self._receive(
            self.notice, text, sender="MAILER-DAEMON@mx.example", message_id=""
        )
        self.assertEqual(self.notice.state, "failed")

    def test_one_address_of_two_is_enough(self):
        self.partner.email = "maria@example.com, financeiro@example.com"
        notice = self._set_sent(self._prepare(key="two"))
        self._receive(notice, address="maria@example.com")
        self.assertTrue(notice.is_valid_notice)
        self.assertEqual(notice.unreached, "maria@example.com")
        self.assertIn("550", notice.error)
        self._receive(notice, address="financeiro@example.com")
        self.assertEqual(notice.state, "failed")

    def test_an_address_it_was_forwarded_to_is_that_of_the_notice(self):
        self._receive(self.notice, address="maria@gmail.example")
        self.assertEqual(self.notice.unreached, "maria@example.com")

    def test_a_report_finds_a_notice_whose_answer_was_lost(self):
        sent_as = self.notice.provider_ref
        self.notice.write(
            {"state": "uncertain", "provider_ref": False, "noticed_on": False}
        )
        self._receive(self.notice, message_id=sent_as)
        self.assertEqual(self.notice.state, "failed")

    def test_a_made_up_reference_finds_none(self):
        reference = f"<contract-notice-{self.notice.id}-{'0' * 24}@provedor.example>"
        self._receive(self.notice, message_id=reference)
        self.assertEqual(self.notice.state, "sent")

    def test_again_goes_by_the_next_channel(self):
        self._receive(self.notice)
        again = self._resend()
        self.assertEqual(again.channel, "sms")
        self.assertEqual(again.recipient, "+5511987654321")

    def test_again_without_another_channel_tries_the_address_again(self):
        self.partner.phone = False
        self._receive(self.notice)
        again = self._resend()
        self.assertEqual(again.recipient, "maria@example.com")
        self.assertEqual(again.state, "pending")

    def test_a_mended_address_is_used(self):
        self._receive(self.notice)
        self.partner.email = "maria.silva@example.com"
        self.assertEqual(self._resend().recipient, "maria.silva@example.com")

    def test_who_refuses_the_other_channels_is_told_there_by_law(self):
        self.partner.is_sms_notice_refused = True
        self._receive(self.notice)
        again = self._resend()
        self.assertEqual(again.channel, "sms")
        self.assertTrue(again.is_forced)

    def _resend(self):
        action = self.notice.with_context(queue_job__no_delay=False).action_resend()
        return self.env["contract.notice"].browse(action["res_id"])


@tagged("contract_recurring", "post_install", "-at_install")
class TestBounceAndDunning(BounceCase, DunningCase):
    """No step of the law counts from a notice that came back."""

    def setUp(self):
        super().setUp()
        self._dun_until(date(2026, 3, 4), date(2026, 3, 13))
        self.notice = self.env["contract.notice"].search(
            [("contract_id", "=", self.contract.id), ("kind", "=", "notice")]
        )
        self._set_sent(self.notice, date(2026, 3, 13))
        self.notice._follow_proof()

    def test_the_rung_falls_with_the_proof(self):
        """Due 10/03, noticed 13/03."""
        self.assertEqual(self.contract.overdue_state, "noticed")
        self._receive(self.notice)
        self.assertEqual(self.contract.overdue_state, "overdue")

    def test_nothing_is_restricted_until_another_notice_is_proved(self):
        self._receive(self.notice)
        self._dun_until(date(2026, 3, 14), date(2026, 4, 2))
        self.assertEqual(self.contract.service_state, "full")
        held = self.contract.dunning_entry_ids.filtered(lambda e: e.state == "held")
        self.assertEqual(set(held.mapped("hold")), {"no_notice"})
        self.partner.email = "maria.silva@cliente.example"
        action = self.notice.with_context(queue_job__no_delay=False).action_resend()
        again = self.notice.browse(action["res_id"])
        self._set_sent(again, date(2026, 4, 3))
        self._dun_until(date(2026, 4, 4), date(2026, 4, 17))
        self.assertEqual(self.contract.service_state, "full")
        # +15 days
        self._dun(date(2026, 4, 18))
        self.assertEqual(self.contract.service_state, "reduced")

    def test_notices_that_never_left_are_no_rung(self):
        for state in ("pending", "skipped", "failed", "uncertain"):
            self.notice.write({"state": state, "noticed_on": False})
            self.contract._refresh_overdue_state(date(2026, 3, 14))
            self.assertEqual(self.contract.overdue_state, "overdue", state)
