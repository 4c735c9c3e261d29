from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.contract_recurring.tests.test_notice import NoticeCase
from odoo.addons.iap.tools import iap_tools

from .channel_conformance import ChannelConformance
from .simulated import SmsGateway

NUMBER = "+5511987654321"


@tagged("contract_recurring", "post_install", "-at_install")
class TestNoticeSms(ChannelConformance, NoticeCase):
    """Notices by SMS, through Odoo's own client and a gateway on loopback."""

    channel = "sms"

    def _start_provider(self):
        gateway = SmsGateway()
        settings = self.env["ir.config_parameter"].sudo()
        settings.set_param("sms.endpoint", gateway.url)
        self.env["iap.account"].get("sms")
        return gateway

    def _send(self):
        # Odoo's client refuses to call anybody while it knows of a test.
        with patch.object(iap_tools, "modules") as modules:
            modules.module.current_test = None
            return super()._send()

    def _count_received(self):
        return sum(number == NUMBER for number, *_rest in self.provider.accepted)

    def _make_provider_refuse(self):
        self.provider.states[NUMBER] = "wrong_number_format"

    def _make_provider_busy(self):
        self.provider.statuses = [429]
        self.provider.headers["Retry-After"] = "7"

    def _make_provider_willing(self):
        self.provider.statuses = []
        self.provider.losing = False

    def _make_answer_lost(self):
        self.provider.losing = True

    def test_without_credit_it_waits_and_says_what_to_do(self):
        self.provider.states[NUMBER] = "insufficient_credit"
        with self.assertRaisesRegex(Exception, "wait"):
            self._send()
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "pending")
        self.assertIn("buy credits", self.notice.error)

    def test_nothing_is_left_for_the_queue_of_odoo(self):
        self._send()
        self.assertFalse(self.env["sms.sms"].search([("state", "=", "outgoing")]))

    def test_a_delivery_report_reaches_the_notice(self):
        self._send()
        tracker = self.env["sms.tracker"].search(
            [("sms_uuid", "=", self.notice.provider_ref)]
        )
        tracker._action_update_from_sms_state("sent")
        self.assertEqual(self.notice.state, "delivered")
        self.assertTrue(self.notice.delivered_at)

    def test_a_report_of_failure_withdraws_the_proof(self):
        self._send()
        tracker = self.env["sms.tracker"].search(
            [("sms_uuid", "=", self.notice.provider_ref)]
        )
        tracker._action_update_from_provider_error("invalid_destination")
        self.assertEqual(self.notice.state, "failed")
        self.assertFalse(self.notice.noticed_on)
        self.assertFalse(self.notice.is_valid_notice)
