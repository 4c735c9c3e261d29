"""Meta's WhatsApp Cloud API on loopback, from its public reference.

It takes template messages, answers as the API does and reports states to a
webhook, signed with the secret of the app.
"""

import hashlib
import hmac
import json
import time

from simulators.web import WebSimulator

# “Error codes” of the reference: HTTP status → code, message.
ERRORS = {
    400: (131026, "Message undeliverable"),
    401: (190, "Access token has expired"),
    429: (130429, "Rate limit hit"),
    500: (131000, "Something went wrong"),
    503: (131016, "Service unavailable"),
}


class WhatsappApi(WebSimulator):
    """`accepted` are the template messages taken, with the id each was given."""

    def __init__(self, token, phone_number_id, app_secret):
        super().__init__()
        self.token = token
        self.phone_number_id = phone_number_id
        self.app_secret = app_secret

    def fail(self, status):
        code, message = ERRORS[status]
        return {
            "error": {
                "message": f"(#{code}) {message}",
                "type": "OAuthException",
                "code": code,
                "error_data": {"messaging_product": "whatsapp", "details": message},
                "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
            }
        }

    def answer(self, path, headers, body):
        if headers.get("Authorization") != f"Bearer {self.token}":
            return 401, self.fail(401)
        _empty, _version, number, verb = path.split("/")
        template = body.get("template") or {}
        is_right = (
            (number, verb) == (self.phone_number_id, "messages")
            and body.get("messaging_product") == "whatsapp"
            and body.get("type") == "template"
            and str(body.get("to", "")).isdigit()
            and template.get("name")
            and template.get("language", {}).get("code")
        )
        if not is_right:
            return 400, self.fail(400)
        message_id = f"wamid.HBgN{len(self.accepted):06}"
        self.accepted.append({"id": message_id, **body})
        return 200, {
            "messaging_product": "whatsapp",
            "contacts": [{"input": body["to"], "wa_id": body["to"]}],
            "messages": [{"id": message_id, "message_status": "accepted"}],
        }

    def prepare_report(self, message, status, moment=None, errors=()):
        """Return (body, headers) of a report about a message, signed."""
        state = {
            "id": message["id"],
            "status": status,
            "timestamp": str(int(moment or time.time())),
            "recipient_id": message["to"],
            "biz_opaque_callback_data": message.get("biz_opaque_callback_data"),
        }
        if errors:
            state["errors"] = list(errors)
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": self.phone_number_id},
            "statuses": [state],
        }
        entry = {"id": "0", "changes": [{"field": "messages", "value": value}]}
        report = {"object": "whatsapp_business_account", "entry": [entry]}
        body = json.dumps(report).encode()
        digest = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        return body, {
            "X-Hub-Signature-256": f"sha256={digest}",
            "Content-Type": "application/json",
        }
