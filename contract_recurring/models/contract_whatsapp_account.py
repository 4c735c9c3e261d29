import secrets
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MANAGER = "contract_recurring.group_contract_manager"
TIMEOUT_S = 30
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ContractWhatsappAccount(models.Model):
    """A number of the WhatsApp Business Platform notices are sent from."""

    _name = "contract.whatsapp.account"
    _description = "WhatsApp Account"
    _inherit = "contract.secret.mixin"
    _order = "company_id, id"

    _secret_names = ("token", "app_secret")

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    phone_number_id = fields.Char(
        string="Phone Number ID", required=True, help="As Meta's API page shows it."
    )
    endpoint = fields.Char(
        required=True,
        default="https://graph.facebook.com",
        help="Address of the Cloud API.",
    )
    api_version = fields.Char(string="API Version", required=True, default="v23.0")
    token = fields.Char(
        string="Access Token",
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        groups=MANAGER,
        help="Permanent token of a system user. Kept encrypted; not shown again.",
    )
    app_secret = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        groups=MANAGER,
        help="Proves that reports of delivery come from Meta. Kept encrypted.",
    )
    token_cipher = fields.Char(copy=False, prefetch=False, groups="base.group_system")
    app_secret_cipher = fields.Char(
        copy=False, prefetch=False, groups="base.group_system"
    )
    webhook_key = fields.Char(
        default=lambda self: secrets.token_urlsafe(24),
        required=True,
        copy=False,
        readonly=True,
        groups=MANAGER,
    )
    webhook_url = fields.Char(
        string="Webhook Address", compute="_compute_webhook_url", groups=MANAGER
    )
    verify_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(24),
        required=True,
        copy=False,
        groups=MANAGER,
        help="Enter it at Meta beside the address of the webhook.",
    )

    _one_per_company = models.UniqueIndex(
        "(company_id) WHERE active",
        "The company has a WhatsApp account already. Archive it first.",
    )
    _webhook_key_unique = models.UniqueIndex("(webhook_key)")

    @api.depends("webhook_key")
    def _compute_webhook_url(self):
        for account in self:
            base = account.get_base_url()
            key = account.webhook_key
            account.webhook_url = f"{base}/contract_recurring/whatsapp/{key}"

    @api.constrains("endpoint")
    def _check_endpoint(self):
        for account in self:
            address = urlsplit(account.endpoint or "")
            if address.scheme != "https" and address.hostname not in LOOPBACK:
                raise ValidationError(
                    self.env._("The address of the Cloud API begins with https://.")
                )

    # === ACTIONS ===

    def action_check(self):
        """Ask Meta about the number; say what it answers."""
        self.ensure_one()
        self.check_access("write")
        try:
            response = self._request("get", f"/{self.phone_number_id}")
        except requests.RequestException as error:
            raise UserError(
                self.env._("WhatsApp cannot be reached: %(error)s", error=error)
            ) from error
        if not response.ok:
            raise UserError(self._describe_answer(response))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("WhatsApp accepts the token and the number."),
            },
        }

    # === BUSINESS ===

    def _request(self, method, path, **arguments):
        """Return the response of the Cloud API; the token goes in a header."""
        self.ensure_one()
        token = self._get_secret("token")
        if not token:
            raise UserError(self.env._("Enter the access token of “%s”.", self.name))
        return requests.request(
            method,
            f"{self.endpoint.rstrip('/')}/{self.api_version}{path}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_S,
            allow_redirects=False,
            **arguments,
        )

    @api.model
    def _get_error(self, response):
        """Return the error object of an answer, empty where there is none."""
        try:
            answer = response.json()
        except ValueError:
            return {}
        error = answer.get("error") if isinstance(answer, dict) else None
        return error if isinstance(error, dict) else {}

    @api.model
    def _describe_answer(self, response):
        error = self._get_error(response)
        details = (error.get("error_data") or {}).get("details") or ""
        return " · ".join(
            str(part)
            for part in (
                response.status_code,
                error.get("code"),
                error.get("message"),
                details,
            )
            if part
        )
