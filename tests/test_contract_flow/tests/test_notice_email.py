from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.contract_recurring.tests.test_notice import NoticeCase

from .channel_conformance import ChannelConformance
from .simulated import SmtpServer

CUSTOMER = "maria@example.com"


@tagged("contract_recurring", "post_install", "-at_install")
class TestNoticeEmail(ChannelConformance, NoticeCase):
    """Notices by e-mail, over a real connection to a mail server on loopback."""

    channel = "email"

    def _start_provider(self):
        self.enterContext(patch.object(IrMail_Server, "_disable_send", lambda _: False))
        server = SmtpServer()
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {"name": "loopback", "smtp_host": "127.0.0.1", "smtp_port": server.port}
        )
        return server

    def _count_received(self):
        return len(self.provider.received_by(CUSTOMER))

    def _make_provider_refuse(self):
        self.provider.rcpt_answers[CUSTOMER] = "550 5.1.1 no such mailbox"

    def _make_provider_busy(self):
        self.provider.rcpt_answers[CUSTOMER] = "450 4.2.0 greylisted"

    def _make_provider_willing(self):
        self.provider.rcpt_answers.clear()
        self.provider.dropping.clear()

    def _make_answer_lost(self):
        self.provider.dropping.add(CUSTOMER)

    def test_message_carries_text_and_invoice(self):
        self._send()
        message = self.provider.received_by(CUSTOMER)[0]
        self.assertIn("cobranca@provedor.example", message["From"])
        self.assertEqual(message["Message-Id"], self.notice.provider_ref)
        self.assertIn(self.contract.code, message["Subject"])
        html = message.get_body(("html",)).get_content()
        self.assertIn("99,90", html)
        attachments = list(message.iter_attachments())
        self.assertEqual(len(attachments), 1)
        self.assertIn(self.move.name.replace("/", "_"), attachments[0].get_filename())
        self.assertTrue(self.move.is_move_sent)

    def test_a_paid_debt_is_not_reminded_of(self):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({})._create_payments()
        self._send()
        self.assertEqual(self.notice.state, "skipped")
        self.assertEqual(self._count_received(), 0)

    def test_no_mail_server_keeps_notices_waiting(self):
        self.env["ir.mail_server"].search([]).smtp_port = 1
        with self.assertRaisesRegex(Exception, "wait"):
            self._send()
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "pending")
        self.assertIn("mail server", self.notice.error)

    def test_one_bad_address_does_not_stop_the_batch(self):
        self._make_provider_refuse()
        other = self._create_customer("João", email="joao@example.com", lang="pt_BR")
        contract = self._create_contract(partner=other)
        good = self._prepare(contract_id=contract.id, move_ids=[], key="good")
        with self._apart():
            (self.notice | good)._send()
        self.assertEqual(self.notice.state, "failed")
        self.assertEqual(good.state, "sent")
        self.assertEqual(self.provider.connections, 1)
