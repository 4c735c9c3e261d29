import logging

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES

from ..const import DEBT_NOTICE_KINDS
from ..drivers.notice_errors import Refused, Retry, Uncertain

_logger = logging.getLogger(__name__)

# Notices one job sends, one after the other over one connection.
BATCH_SIZE = 50
# Tries after which a notice counts as failed; a person may send it again.
MAX_ATTEMPTS = 12
# Jobs that queue_job will run, or start again, by itself.
LIVE_JOB_STATES = (PENDING, ENQUEUED, STARTED, WAIT_DEPENDENCIES)
# First pause between tries; it doubles up to the longest.
RETRY_S = 30
LONGEST_RETRY_S = 3600


class ContractNotice(models.Model):
    """Sending notices: none lost, none sent twice by itself.

    “Being sent” is committed before the provider is called (`contract.call.mixin`).
    Of what is found in that state nobody knows whether it went out, so it becomes
    uncertain and waits for a person.
    """

    _name = "contract.notice"
    _inherit = ["contract.notice", "contract.call.mixin"]

    def _queue(self):
        """Hand what is to be sent to jobs; they start after the transaction."""
        pending = self.sudo().filtered(lambda notice: notice.state == "pending")
        for (company, _channel), notices in pending.grouped(
            lambda notice: (notice.company_id, notice.channel)
        ).items():
            for ids in split_every(BATCH_SIZE, notices.ids):
                self.browse(ids).sudo().with_company(company).with_delay(
                    channel="root.notice",
                    description=self.env._("Send %(count)s notices", count=len(ids)),
                )._send()

    def _send(self):
        """Send the notices still to be sent; the body of a job, safe to repeat.

        :raise RetryableJobError: where some have to wait
        """
        self.env.flush_all()
        self._find_interrupted()
        waits = []
        for channel, notices in self.grouped("channel").items():
            driver = self.env[f"contract.notice.channel.{channel}"]
            with driver._session() as session:
                for notice in notices:
                    wait = notice._send_apart(session)
                    if wait:
                        waits.append(wait.after_s)
                        if wait.is_for_all:
                            break
        self.invalidate_recordset()
        with self._own_transaction() as notices:
            notices.exists()._follow_proof()
        if waits:
            raise RetryableJobError(
                "some notices have to wait", seconds=min(waits), ignore_retry=True
            )

    def _send_apart(self, session):
        """Send one notice in transactions of its own; return a Retry or None."""
        with self._own_transaction() as notice:
            if not notice._make_ready():
                return None
            notice.env.cr.commit()
            if not notice._claim():
                return None
            notice.env.cr.commit()
            if not notice._lock_row("sending"):
                return None
            driver = notice.env[f"contract.notice.channel.{notice.channel}"]
            vals, wait = notice._call(driver, session)
            notice.write(vals)
            return wait

    # === STEPS OF SENDING ===

    def _make_ready(self):
        """Print what is attached; return whether there is something to send."""
        if not self._lock_row("pending"):
            return False
        if self._is_needless():
            self.write(
                {"state": "skipped", "error": self.env._("Paid before it was sent.")}
            )
            return False
        try:
            self._attach_documents()
        except Exception as error:  # a report may fail in any way
            _logger.exception("Notice %s: its documents cannot be printed", self.id)
            self.env.cr.rollback()
            message = self.env._(
                "The invoice cannot be printed: %(error)s", error=error
            )
            self.write({"state": "failed", "error": message})
            return False
        return True

    def _is_needless(self):
        """Return whether the debt it speaks of is paid meanwhile."""
        return (
            self.kind in DEBT_NOTICE_KINDS
            and self.move_ids
            and not self.move_ids.filtered(
                lambda move: (
                    move.state == "posted"
                    and move.payment_state in ("not_paid", "partial")
                )
            )
        )

    def _claim(self):
        """Mark a notice as being sent; return whether it was still to be sent."""
        if not self._lock_row("pending"):
            return False
        self.write({"state": "sending", "attempts": self.attempts + 1})
        return True

    def _call(self, driver, session):
        """Call the provider; return what to note and a Retry or None."""
        try:
            answer = driver._send(self, session)
        except Retry as retry:
            return self._prepare_retry(retry)
        except Refused as refusal:
            unreached = ", ".join(refusal.addresses)
            return {
                "state": "failed",
                "error": str(refusal),
                "unreached": unreached,
            }, None
        except Uncertain as doubt:
            return {"state": "uncertain", "error": str(doubt)}, None
        except Exception as error:  # no driver may leave this open
            _logger.exception("Notice %s: the channel broke down", self.id)
            return {"state": "uncertain", "error": repr(error)}, None
        moment = fields.Datetime.now()
        return {
            "state": "sent",
            "error": False,
            "sent_at": moment,
            "noticed_on": self._get_legal_date(moment),
            **answer,
        }, None

    def _prepare_retry(self, retry):
        if self.attempts >= MAX_ATTEMPTS:
            return {"state": "failed", "error": str(retry)}, None
        if retry.after_s is None:
            retry.after_s = min(RETRY_S * 2 ** (self.attempts - 1), LONGEST_RETRY_S)
        return {"state": "pending", "error": str(retry)}, retry

    # === AFTER A CRASH ===

    @api.model
    def _find_interrupted(self):
        """Mark as uncertain what a process that died was about to send."""
        with self._own_transaction() as model:
            model._lock_left_behind("sending").sudo().write(
                {
                    "state": "uncertain",
                    "error": self.env._(
                        "The program ended while this was being sent. Ask the customer "
                        "or the provider before you send it again."
                    ),
                }
            )

    @api.model
    def _cron_resume(self):
        """Find what was interrupted, and queue what no job is left for."""
        self._find_interrupted()
        jobs = self.env["queue.job"].search(
            [
                ("model_name", "=", self._name),
                ("method_name", "=", "_send"),
                ("state", "in", LIVE_JOB_STATES),
            ]
        )
        busy_ids = {notice_id for job in jobs for notice_id in job.records.ids}
        pending = self.search([("state", "=", "pending"), ("id", "not in", busy_ids)])
        pending._queue()
