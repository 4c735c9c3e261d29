"""What every channel of notices must do; one test class for each inherits it."""

from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time

from odoo.addons.queue_job.exception import RetryableJobError

# 02:30 UTC on the 21st is still the evening of the 20th in São Paulo.
EVENING = "2026-03-21 02:30:00"


class ChannelConformance:
    """A notice is sent once, or it is known why not.

    A subclass names the channel and tells its simulator what to do.
    """

    allow_inherited_tests_method = True
    channel = None

    def _start_provider(self):
        """Start the simulator and return it; called within `setUp`."""
        raise NotImplementedError()

    def _count_received(self):
        raise NotImplementedError()

    def _make_provider_refuse(self):
        raise NotImplementedError()

    def _make_provider_busy(self):
        raise NotImplementedError()

    def _make_provider_willing(self):
        raise NotImplementedError()

    def _make_answer_lost(self):
        raise NotImplementedError()

    def setUp(self):
        super().setUp()
        self.provider = self.enterContext(self._start_provider())
        self.notice = self._prepare(channel=self.channel, key=self.id())
        self.assertEqual(self.notice.channel, self.channel)

    @contextmanager
    def _apart(self):
        """Let the notices' own cursors see what this test wrote."""
        with self.enter_registry_test_mode():
            yield

    def _send(self):
        with self._apart():
            self.notice._send()

    def test_sent_once_and_kept_as_evidence(self):
        with freeze_time(EVENING):
            self._send()
        self.assertEqual(self.notice.state, "sent")
        self.assertTrue(self.notice.provider_ref)
        self.assertTrue(self.notice.provider_answer)
        self.assertEqual(self.notice.noticed_on, date(2026, 3, 20))
        self.assertTrue(self.notice.is_valid_notice)
        self.assertEqual(self._count_received(), 1)

    def test_a_job_run_twice_sends_once(self):
        self._send()
        self._send()
        self.assertEqual(self._count_received(), 1)
        self.assertEqual(self.notice.attempts, 1)

    def test_a_refusal_is_kept_with_its_words(self):
        self._make_provider_refuse()
        self._send()
        self.assertEqual(self.notice.state, "failed")
        self.assertTrue(self.notice.error)
        self.assertFalse(self.notice.is_valid_notice)
        self._send()
        self.assertEqual(self.notice.attempts, 1)

    def test_a_busy_provider_gets_it_later_and_once(self):
        self._make_provider_busy()
        with self.assertRaises(RetryableJobError) as caught:
            self._send()
        self.assertGreater(caught.exception.seconds, 0)
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "pending")
        self.assertFalse(self.notice.noticed_on)
        self._make_provider_willing()
        self._send()
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(self._count_received(), 1)

    def test_a_lost_answer_is_uncertain_and_never_sent_again_by_itself(self):
        self._make_answer_lost()
        self._send()
        self.assertEqual(self.notice.state, "uncertain")
        self.assertFalse(self.notice.is_valid_notice)
        self._make_provider_willing()
        self._send()
        with self._apart():
            self.env["contract.notice"]._cron_resume()
        self.assertEqual(self.notice.state, "uncertain")
        self.assertLessEqual(self._count_received(), 1)
