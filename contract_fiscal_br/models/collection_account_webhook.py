import hashlib
import json
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.bank_error import BankError
from .collection_account_api import MANAGER

# As `secrets.token_urlsafe` makes them.
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class CollectionAccount(models.Model):
    """Where the bank reports what happened, as it happens.

    Banks do not sign their reports. One only names what to ask the bank about, and the
    job that asks is the inbox: it is stored before the report is answered.
    """

    _inherit = "collection.account"

    webhook_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(32),
        required=True,
        copy=False,
        readonly=True,
        groups=MANAGER,
    )
    webhook_url = fields.Char(
        string="Address for Reports", compute="_compute_webhook_url", groups=MANAGER
    )
    webhook_registered_at = fields.Datetime(
        string="Reports Asked For", readonly=True, copy=False
    )

    _webhook_token_unique = models.UniqueIndex("(webhook_token)")

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        for account in self:
            base = account.get_base_url().rstrip("/")
            token = account.webhook_token
            account.webhook_url = f"{base}/contract_fiscal_br/webhook/{token}"

    # === ACTIONS ===

    def action_register_webhook(self):
        """Ask the bank to report payments to this server."""
        self.ensure_one()
        self.check_access("write")
        self._check_api()
        url = self.webhook_url
        if self.api_environment != "simulator" and not url.startswith("https://"):
            raise UserError(
                self.env._(
                    "Banks report to https addresses alone. Set the address of this "
                    "server (web.base.url) first."
                )
            )
        try:
            with self._open_bank() as session:
                self._get_backend()._register_webhook(session, self, url)
        except BankError as error:
            raise UserError(str(error)) from error
        self.webhook_registered_at = fields.Datetime.now()
        return self._notify(self.env._("The bank will report payments by itself."))

    def action_renew_webhook(self):
        """Make the old address invalid: it became known to others."""
        self.ensure_one()
        self.check_access("write")
        self.webhook_token = secrets.token_urlsafe(32)
        self.webhook_registered_at = False

    # === REPORTS ===

    @api.model
    def _find_by_webhook_token(self, token):
        if not TOKEN.fullmatch(token):
            return self.browse()
        # an archived account issues no more titles, but those it has may be paid
        accounts = self.sudo().with_context(active_test=False)
        return self.sudo().browse(accounts.search([("webhook_token", "=", token)]).ids)

    def _queue_report(self, references):
        """Let a job ask about what a report names; the same report waits once.

        :param dict references: {sort: [ids]}, see `tools.bank_report`
        """
        self.ensure_one()
        text = json.dumps([self.id, references], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.with_delay(
            channel="root.bank",
            identity_key=f"bank-report-{digest}",
            description=self.env._("Ask the bank about its report"),
        )._follow_report(references)

    def _follow_report(self, references):
        """Ask the bank about what it reported; the body of a job."""
        self.ensure_one()
        backend = self._get_backend()
        self._ask_bank(lambda session: backend._ask_report(session, self, references))
