import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime

from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route

_logger = logging.getLogger(__name__)

PATH = "/contract_recurring/whatsapp/<string:webhook_key>"
STATUSES = ("sent", "delivered", "read", "failed")


class WhatsappWebhook(Controller):
    """Reports of delivery from Meta's Cloud API (its “Webhooks” reference)."""

    @route(PATH, type="http", auth="public", methods=["GET"], save_session=False)
    def verify(self, webhook_key, **parameters):
        """Answer Meta's challenge when the webhook is set up."""
        account = self._find_account(webhook_key)
        given = parameters.get("hub.verify_token", "")
        if not hmac.compare_digest(given.encode(), account.verify_token.encode()):
            raise Forbidden()
        challenge = parameters.get("hub.challenge", "")
        return request.make_response(challenge, [("Content-Type", "text/plain")])

    @route(
        PATH,
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, webhook_key, **_parameters):
        """Note the states of messages; anything else is taken and left."""
        account = self._find_account(webhook_key)
        content = request.httprequest.get_data()
        self._check_signature(account, content)
        try:
            statuses = list(self._read_statuses(json.loads(content)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadRequest() from error
        for status in statuses:
            self._follow(account, *status)
        return request.make_response("")

    def _find_account(self, webhook_key):
        accounts = request.env["contract.whatsapp.account"].with_user(SUPERUSER_ID)
        account = accounts.search([("webhook_key", "=", webhook_key)])
        if not account:
            raise NotFound()
        return account

    def _check_signature(self, account, content):
        """Raise unless Meta signed the body with the secret of the app."""
        secret = account._get_secret("app_secret")
        given = request.httprequest.headers.get("X-Hub-Signature-256", "")
        if not secret:
            raise Forbidden()
        digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), f"sha256={digest}".encode()):
            _logger.warning("WhatsApp account %s: a wrong signature", account.id)
            raise Forbidden()

    def _read_statuses(self, report):
        """Yield (id, key, status, moment, words) of a report."""
        for entry in report.get("entry", []):
            for change in entry.get("changes", []):
                for status in change["value"].get("statuses", []):
                    moment = datetime.fromtimestamp(int(status["timestamp"]), UTC)
                    problems = status.get("errors") or [{}]
                    words = " ".join(
                        str(problems[0][name])
                        for name in ("code", "title", "message")
                        if problems[0].get(name)
                    )
                    yield (
                        status["id"],
                        status.get("biz_opaque_callback_data"),
                        status["status"],
                        moment.replace(tzinfo=None),
                        words,
                    )

    def _follow(self, account, message_id, key, status, moment, words):
        if status not in STATUSES:
            return
        notices = account.env["contract.notice"]
        own = [("company_id", "=", account.company_id.id), ("channel", "=", "whatsapp")]
        notice = notices.search([*own, ("provider_ref", "=", message_id)], limit=1)
        if not notice and key:
            # its answer was lost: the report says which message it became
            notice = notices.search(
                [*own, ("key", "=", key), ("provider_ref", "=", False)], limit=1
            )
            notice.write({"provider_ref": message_id})
        notice._follow_status(status, moment, words)
