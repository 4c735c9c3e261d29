from odoo import api, fields, models
from odoo.exceptions import LockError

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import identity_exact

from ..tools.api_events import read_returns
from ..tools.bank_error import LaterError, RefusedError, SilentError
from ..tools.money import to_decimal

OPEN_STATES = ("pending", "uncertain", "sent")
RETRY_S = 60
NOT_FOUND = 404
STATES = {"EM_PROCESSAMENTO": "sent", "DEVOLVIDO": "done", "NAO_REALIZADO": "refused"}


class PixRefund(models.Model):
    """Refunds at the bank: asked for once, followed until the money is back.

    “Uncertain” is committed before the call; a refund in that state is asked about
    before it is asked for again.
    """

    _name = "pix.refund"
    _inherit = ["pix.refund", "contract.call.mixin"]

    def _queue_call(self):
        for refund in self:
            refund.with_delay(
                channel="root.bank",
                identity_key=identity_exact,
                description=self.env._("Give a Pix back"),
            )._call_bank()

    def _call_bank(self):
        """Ask for the refund, or what became of it; the body of a job.

        :raise RetryableJobError: it is not settled yet
        """
        self.ensure_one()
        self.env.flush_all()
        with self._own_transaction() as refund:
            state = refund._claim()
            refund.env.cr.commit()
            is_held = state and refund._lock_row(*OPEN_STATES)
            wait = refund._call_apart(state) if is_held else None
            is_done = refund.state == "done"
        if is_done:  # this transaction's snapshot may be older
            with self._own_transaction() as refund:
                refund._tell_returned()
        self.env.invalidate_all()
        if wait:
            raise RetryableJobError(
                "the refund is followed later", seconds=wait, ignore_retry=True
            )

    def _claim(self):
        state = self._lock_row(*OPEN_STATES)
        if state == "pending":
            self.write({"state": "uncertain", "attempted_at": fields.Datetime.now()})
        return state

    def _call_apart(self, state):
        """Return the seconds until it is asked about again, or None."""
        try:
            with self.account_id._open_bank() as session:
                answer = self._ask_or_put(session, state)
        except RefusedError as error:
            self.write({"state": "refused", "message": str(error)})
            return None
        except SilentError as error:
            self.message = str(error)
            return RETRY_S
        except LaterError as error:
            self.write({"state": state, "message": str(error)})
            return RETRY_S * (60 if error.is_account else 1)
        self.write(
            {
                "state": STATES.get(answer.get("status"), "sent"),
                "message": answer.get("motivo") or False,
                "return_number": answer.get("rtrId") or self.number,
            }
        )
        return RETRY_S if self.state == "sent" else None

    def _ask_or_put(self, session, state):
        pix, number = self.event_id.external_id, self.number
        if state != "pending":
            try:
                return session.call(session.pix.get_return(pix, number))
            except RefusedError as error:
                if error.status != NOT_FOUND or state == "sent":
                    raise
        body = {"valor": str(to_decimal(self.amount))}
        if self.reason:
            body["descricao"] = self.reason
        return session.call(session.pix.put_return(pix, number, body))

    def _tell_returned(self):
        """Enter the return as the bank tells it, as asking about the Pix would."""
        account = self.account_id
        try:
            with account._open_bank() as session:
                pix = session.call(session.pix.get_received(self.event_id.external_id))
            account._take_events(read_returns(pix))
        except (LaterError, SilentError, LockError) as error:
            raise RetryableJobError(str(error), seconds=RETRY_S) from error

    @api.model
    def _cron_follow(self):
        """Take up what a job left behind."""
        self.search([("state", "in", OPEN_STATES)])._queue_call()
