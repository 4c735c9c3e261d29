import os
import tempfile
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tests import HttpCase, tagged

from odoo.addons.contract_recurring.models.contract_secret_mixin import (
    KEY_FILE_VARIABLE,
)
from odoo.addons.contract_recurring.tests.test_notice import NoticeCase

from .channel_conformance import ChannelConformance
from .simulated import WhatsappApi

TOKEN, APP_SECRET, NUMBER_ID = "EAAB-token-4711", "app-secret-0815", "106540352242922"


class WhatsappCase(NoticeCase):
    """A company with a WhatsApp account whose API is a simulator on loopback."""

    def _start_api(self):
        key_file = self.enterContext(tempfile.NamedTemporaryFile("w"))
        key_file.write(Fernet.generate_key().decode())
        key_file.flush()
        self.enterContext(patch.dict(os.environ, {KEY_FILE_VARIABLE: key_file.name}))
        api = WhatsappApi(TOKEN, NUMBER_ID, APP_SECRET)
        self.account = self.env["contract.whatsapp.account"].create(
            {
                "name": "Cobrança",
                "phone_number_id": NUMBER_ID,
                "endpoint": api.url,
                "token": TOKEN,
                "app_secret": APP_SECRET,
            }
        )
        return api


@tagged("contract_recurring", "post_install", "-at_install")
class TestNoticeWhatsapp(ChannelConformance, WhatsappCase):
    """Notices by WhatsApp, over HTTP."""

    channel = "whatsapp"

    def _start_provider(self):
        return self._start_api()

    def _count_received(self):
        return len(self.provider.accepted)

    def _make_provider_refuse(self):
        self.provider.statuses = [400]

    def _make_provider_busy(self):
        self.provider.statuses = [429]
        self.provider.headers["Retry-After"] = "7"

    def _make_provider_willing(self):
        self.provider.statuses = []
        self.provider.losing = False

    def _make_answer_lost(self):
        self.provider.losing = True

    def test_message_is_the_approved_template_with_its_values(self):
        self._send()
        message = self.provider.accepted[0]
        self.assertEqual(message["to"], "5511987654321")
        self.assertEqual(message["template"]["name"], "notificacao_de_debito")
        self.assertEqual(message["template"]["language"], {"code": "pt_BR"})
        values = message["template"]["components"][0]["parameters"]
        self.assertEqual(len(values), 4)
        self.assertEqual(values[0]["text"], self.contract.code)
        self.assertIn("99,90", values[1]["text"])
        for value in values:
            self.assertIn(value["text"], self.notice.text)
        self.assertEqual(message["biz_opaque_callback_data"], self.notice.key)

    def test_a_server_error_is_tried_again(self):
        self.provider.statuses = [500]
        with self.assertRaisesRegex(Exception, "wait"):
            self._send()
        self._send()
        self.assertEqual(self._count_received(), 1)

    def test_an_expired_token_keeps_notices_waiting(self):
        self.account.token = "another"
        with self.assertRaisesRegex(Exception, "wait"):
            self._send()
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "pending")
        self.assertIn("expired", self.notice.error)

    def test_secrets_are_encrypted_and_never_shown(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT token_cipher, app_secret_cipher FROM contract_whatsapp_account "
            "WHERE id = %s",
            [self.account.id],
        )
        stored = self.env.cr.fetchone()
        self.assertTrue(all(stored))
        for secret in (TOKEN, APP_SECRET):
            self.assertNotIn(secret, "".join(stored))
        self.account.invalidate_recordset()
        manager = self._create_user("manager", "group_contract_manager")
        shown = self.account.with_user(manager).read()[0]
        self.assertEqual(shown["token"], "•" * 8)
        self.assertFalse({TOKEN, APP_SECRET} & set(map(str, shown.values())))
        self.account.with_user(manager).write({"token": shown["token"]})
        self.assertEqual(self.account._get_secret("token"), TOKEN)

    def test_only_managers_reach_the_account(self):
        clerk = self._create_user("clerk", "group_contract_billing")
        with self.assertRaises(Exception) as caught:
            self.account.with_user(clerk).read(["name"])
        self.assertEqual(type(caught.exception).__name__, "AccessError")

    def test_another_key_file_is_told_apart(self):
        with tempfile.NamedTemporaryFile("w") as other:
            other.write(Fernet.generate_key().decode())
            other.flush()
            with patch.dict(os.environ, {KEY_FILE_VARIABLE: other.name}):
                with self.assertRaisesRegex(Exception, "Enter it again"):
                    self.account._get_secret("token")

    def test_logs_hold_no_secret(self):
        with self.assertLogs(level="DEBUG") as logs:
            self._send()
        self.assertNotIn(TOKEN, "\n".join(logs.output))

    def test_the_check_says_what_is_wrong(self):
        self.account.endpoint = "http://127.0.0.1:1"
        with self.assertRaisesRegex(Exception, "cannot be reached"):
            self.account.action_check()
        with self.assertRaisesRegex(Exception, "https"):
            self.account.endpoint = "http://example.com"


@tagged("contract_recurring", "post_install", "-at_install")
class TestWhatsappWebhook(WhatsappCase, HttpCase):
    """Reports of delivery, signed, in any order and twice."""

    def setUp(self):
        super().setUp()
        self.api = self.enterContext(self._start_api())
        self.notice = self._prepare(channel="whatsapp", key="webhook/1")
        self.notice._send()
        self.message = self.api.accepted[0]
        self.path = f"/contract_recurring/whatsapp/{self.account.webhook_key}"

    def _report(self, status, moment=1774036800, **values):
        body, headers = self.api.prepare_report(
            self.message, status, moment=moment, **values
        )
        response = self.url_open(self.path, data=body, headers=headers)
        self.notice.invalidate_recordset()
        return response.status_code

    def test_delivered_and_read(self):
        self.assertEqual(self._report("delivered"), 200)
        self.assertEqual(self.notice.state, "delivered")
        self.assertEqual(self._report("read"), 200)
        self.assertEqual(self.notice.state, "read")
        self.assertTrue(self.notice.delivered_at and self.notice.read_at)

    def test_late_and_repeated_reports_change_nothing(self):
        self._report("read")
        self._report("delivered")
        self._report("read")
        self.assertEqual(self.notice.state, "read")

    def test_failure_withdraws_the_proof(self):
        errors = [{"code": 131026, "title": "Message undeliverable"}]
        self._report("failed", errors=errors)
        self.assertEqual(self.notice.state, "failed")
        self.assertIn("131026", self.notice.error)
        self.assertFalse(self.notice.noticed_on)

    def test_a_report_proves_what_was_uncertain(self):
        self.notice.write(
            {"state": "uncertain", "provider_ref": False, "noticed_on": False}
        )
        self._report("sent", moment=1774060200)  # 21/03/2026 02:30 UTC
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(self.notice.provider_ref, self.message["id"])
        self.assertEqual(str(self.notice.noticed_on), "2026-03-20")

    def test_only_the_right_signature_is_believed(self):
        body, headers = self.api.prepare_report(self.message, "read")
        for bad in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}):
            response = self.url_open(
                self.path, data=body, headers={"Content-Type": "application/json"} | bad
            )
            self.assertEqual(response.status_code, 403)
        forged = body.replace(b'"read"', b'"sent"')
        response = self.url_open(self.path, data=forged, headers=headers)
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self.notice.state, "sent")

    def test_unknown_webhook_and_broken_body(self):
        body, headers = self.api.prepare_report(self.message, "read")
        response = self.url_open(self.path + "x", data=body, headers=headers)
        self.assertEqual(response.status_code, 404)

    def test_meta_verifies_the_webhook(self):
        question = f"{self.path}?hub.mode=subscribe&hub.challenge=1158201444"
        token = self.account.verify_token
        answer = self.url_open(f"{question}&hub.verify_token={token}")
        self.assertEqual(answer.text, "1158201444")
        answer = self.url_open(f"{question}&hub.verify_token=guess")
        self.assertEqual(answer.status_code, 403)
