from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import split_every

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import identity_exact

from ..const import API_BACKENDS
from ..tools.bank_error import BankError, RefusedError

# An account that was never asked is asked this far back.
FIRST_DAYS = 7
# Titles of banks that list no payments, asked about one by one in a pass.
PASS_SIZE = 500
BATCH_SIZE = 50
RETRY_S = 120


class CollectionAccount(models.Model):
    """Asking a bank what happened: after a webhook, every hour, or by a button.

    Whatever the way, the same payment gives the same event, so that it is stored once
    (`collection.event._receive`).
    """

    _inherit = "collection.account"

    # === ACTIONS ===

    def action_ask_bank(self):
        """Ask the bank for everything since the last time, in jobs."""
        self.check_access("write")
        for account in self:
            account._check_api()
            account._queue_asking()
        return self._notify(
            self.env._("The bank is being asked. Payments appear in a few minutes.")
        )

    # === JOBS ===

    def _queue_asking(self):
        self.ensure_one()
        account = self.sudo()
        account.with_delay(
            channel="root.bank",
            identity_key=identity_exact,
            description=self.env._("Ask the bank of %s what happened", self.name),
        )._ask_since()
        doubtful = account._get_backend()._get_doubtful(account, PASS_SIZE)
        for ids in split_every(BATCH_SIZE, doubtful.ids):
            account.with_delay(
                channel="root.bank",
                identity_key=identity_exact,
                description=self.env._("Ask the bank about %s titles", len(ids)),
            )._ask_about(ids)

    def _ask_since(self):
        """Take everything that happened since the last time; the body of a job."""
        self.ensure_one()
        backend = self._get_backend()
        now = fields.Datetime.now()
        known = self.asked_until or now - timedelta(days=FIRST_DAYS)
        since = known - backend._get_overlap()
        self._ask_bank(lambda session: backend._list_since(session, self, since))
        self.asked_until = now

    def _ask_about(self, title_ids):
        """Ask what became of some titles; the body of a job."""
        self.ensure_one()
        titles = self.env["collection.title"].browse(title_ids).exists()
        self._ask_bank(lambda session: self._get_backend()._ask(session, titles))
        titles.asked_at = fields.Datetime.now()

    def _ask_bank(self, ask):
        """Take the events that `ask(session)` returns.

        :raise RetryableJobError: the bank cannot be asked now
        """
        try:
            with self._open_bank() as session:
                events = ask(session)
        except RefusedError:
            raise
        except BankError as error:
            raise RetryableJobError(str(error), seconds=RETRY_S) from error
        try:
            return self._take_events(events)
        except LockError as error:
            raise RetryableJobError("the account is busy", seconds=5) from error

    # === CRON ===

    @api.model
    def _cron_ask_banks(self):
        """Ask each bank what webhooks did not tell."""
        for account in self._search_with_titles([("backend", "in", API_BACKENDS)]):
            try:
                account._check_api()
            except UserError as error:
                account._note_api_problem(str(error))
                continue
            account._queue_asking()
