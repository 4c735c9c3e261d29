import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.tools import split_every

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import identity_exact

from ..backends.api_backend import BATCH_SIZE
from ..const import API_BACKENDS
from ..tools.bank_error import LaterError, RefusedError, SilentError
from ..tools.collection_event import CollectionEvent

_logger = logging.getLogger(__name__)

# A bank that gave no answer may still be at work: it is asked after this pause.
DOUBT_S = 300
# First pause before a call that was not carried out is made again; it doubles.
RETRY_S = 30
LONGEST_RETRY_S = 3600
# “Sent” has been taken in by a bank that registers afterwards.
OPEN_STATES = ("pending", "sent", "uncertain")
# Events that answer instructions are known by it and the instruction's id.
OUTCOME_PREFIX = "instruction"
# What the bank did, in the words of `const.EVENT_KINDS`.
DONE_EVENTS = {"register": "registered", "write_off": "written_off"}


class CollectionInstruction(models.Model):
    """Instructions that go to the bank by its API: carried out once.

    “Uncertain” is committed before the bank is called (`contract.call.mixin`). The bank
    is asked about what is found in that state, as about what it did not answer, before
    anything is repeated.
    """

    _name = "collection.instruction"
    _inherit = ["collection.instruction", "contract.call.mixin"]

    attempts = fields.Integer(readonly=True, help="How often the bank was called.")
    attempted_at = fields.Datetime(readonly=True, help="When it was last called.")

    # === QUEUE ===

    def _queue_for_api(self):
        """Let jobs call the bank once this transaction is over."""
        for same_account in self.grouped("account_id").values():
            backend = same_account.account_id._get_backend()
            due = same_account.filtered(lambda one, b=backend: b._is_due(one))
            for ids in split_every(BATCH_SIZE, due.ids):
                self.browse(ids).sudo().with_delay(
                    channel="root.bank",
                    identity_key=identity_exact,
                    description=self.env._("Call the bank for %s titles", len(ids)),
                )._carry_out_by_api()

    def _carry_out_by_api(self):
        """Call the bank for each instruction; the body of a job, safe to repeat.

        :raise RetryableJobError: some have to wait
        """
        self.env.flush_all()
        waits, problem = self._carry_out_each()
        with self._own_transaction() as instructions:
            try:
                instructions._tell_outcomes(problem)
            except LockError as error:  # others tell something of this account
                raise RetryableJobError("the account is busy", seconds=5) from error
        self.env.invalidate_all()  # of what was written meanwhile
        if waits:
            raise RetryableJobError(
                "some instructions have to wait", seconds=min(waits), ignore_retry=True
            )

    def _carry_out_each(self):
        """Return the pauses, in seconds, that some have to make, and what keeps the
        whole account from the bank."""
        waits = []
        try:
            with self.account_id._open_bank() as session:
                for instruction in self.sorted("id"):
                    waits.append(instruction._carry_out_apart(session))
        except LaterError as error:
            return [LONGEST_RETRY_S], str(error)
        return [wait for wait in waits if wait], False

    def _carry_out_apart(self, session):
        """Call the bank in transactions of its own; return a pause in seconds or None.

        :raise LaterError: no call of this account can succeed now
        """
        with self._own_transaction() as instruction:
            state, wait = instruction._claim()
            if not state:
                return wait
            instruction.env.cr.commit()
            if not instruction._lock_row(*OPEN_STATES):
                return None
            wait, error = instruction._call_bank(session, state)
        if error:
            raise error
        return wait

    # === ONE CALL ===

    def _claim(self):
        """Mark the instruction as uncertain before the call.

        :return: its former state, None where it is not to be called for now; and a
            pause in seconds to make first, or None
        """
        state = self._lock_row(*OPEN_STATES)
        if not state:
            return None, None
        if self.kind == "register" and not self.title_id._is_live():
            self.write(
                {
                    "state": "cancelled",
                    "message": self.env._("The title ended before the bank knew it."),
                }
            )
            return None, None
        if self._has_open_predecessor():
            return None, RETRY_S
        wait = self._get_doubt_wait() if state == "uncertain" else None
        if wait:
            return None, wait
        self.write(
            {
                "state": "uncertain",
                "attempts": self.attempts + 1,
                "attempted_at": fields.Datetime.now(),
                "message": self.env._("The bank is being called."),
            }
        )
        if self.kind == "register" and self.title_id.state == "to_register":
            self.title_id.state = "sent"
        return state, None

    def _has_open_predecessor(self):
        """Return whether the bank is still to be asked something earlier."""
        return bool(
            self.title_id.instruction_ids.filtered(
                lambda other: other.id < self.id and other.state in OPEN_STATES
            )
        )

    def _get_doubt_wait(self):
        asked = self.attempted_at or fields.Datetime.now()
        over = asked + timedelta(seconds=DOUBT_S) - fields.Datetime.now()
        return max(int(over.total_seconds()), 0)

    def _call_bank(self, session, state):
        """Call the bank, or ask it first where it may have done it already.

        :param state: before the call
        :return: a pause in seconds before the next call, or None; and what keeps the
            whole account from the bank, or None
        """
        backend = self.account_id._get_backend()
        try:
            found = state == "uncertain" and backend._find_done(session, self)
            is_done = True if found else backend._carry_out(session, self)
        except RefusedError as error:
            self._note_refused(str(error))
        except SilentError as error:
            self._note_doubt(str(error))
            return DOUBT_S, None
        except LaterError as error:
            self._note_wait(state, str(error))
            if error.is_account:
                return None, error
            return session.retry_after or self._get_pause(), None
        except Exception as error:  # no client may leave this open
            _logger.exception("Instruction %s: the call broke down", self.id)
            self._note_doubt(
                self.env._(
                    "Something went wrong here (%s). The bank is going to be asked.",
                    type(error).__name__,
                )
            )
        else:
            self._note_answer(is_done)
            return (None if is_done else self._get_pause()), None
        return None, None

    def _get_pause(self):
        return min(RETRY_S * 2 ** max(self.attempts - 1, 0), LONGEST_RETRY_S)

    # === WHAT CAME OF IT ===

    def _note_doubt(self, message):
        self.write({"state": "uncertain", "message": message})

    def _note_wait(self, state, message):
        self.write({"state": state, "message": message})
        if state == "pending" and self.kind == "register":
            self.title_id.filtered(lambda t: t.state == "sent").state = "to_register"

    def _note_answer(self, is_done):
        if not is_done:
            self.write({"state": "sent", "message": False})
            return
        self._confirm()
        if self.kind == "register":
            self.title_id.state = "registered"

    def _note_refused(self, message):
        self.write({"state": "refused", "message": message})
        if self.kind == "register":
            self.title_id.state = "rejected"

    # === EVENTS ===

    def _tell_outcomes(self, problem):
        """Enter what the bank said as events, each once."""
        account = self.account_id
        account._note_api_problem(problem)
        said = self.filtered(lambda one: one.state in ("confirmed", "refused"))
        account._take_events([one._get_outcome() for one in said.sorted("id")])

    def _get_outcome(self):
        """Return the bank's word as a `CollectionEvent`."""
        title = self.title_id
        is_new = self.kind == "register"
        if self.state == "confirmed":
            kind = DONE_EVENTS.get(self.kind, "changed")
        else:
            kind = "rejected" if is_new else "refused"
        return CollectionEvent(
            kind=kind,
            occurrence=f"API {self.kind}",
            occurred_on=title.company_id._get_local_date(),
            nosso_numero=title.nosso_numero,
            txid=title.txid or "",
            external_id=f"{OUTCOME_PREFIX} {self.id}",
            amount=title._get_amount_decimal(),
            reasons=(self.message,) if self.message else (),
        )

    # === CRON ===

    @api.model
    def _cron_call_banks(self):
        """Queue what waits: after a crash, or because its day has come."""
        waiting = self.search(
            [
                ("state", "in", OPEN_STATES),
                ("account_id.backend", "in", API_BACKENDS),
            ],
            order="id",
        )
        waiting._queue_for_api()
