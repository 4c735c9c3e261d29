import json

import requests

from odoo import api, models
from odoo.exceptions import UserError

from .http_errors import get_retry_after, is_unsent
from .notice_errors import Refused, Retry, Uncertain

# Error codes of the Cloud API, from its public reference “Error codes”.
LIMIT_CODES = {4, 80007, 130429, 131048}
PAIR_LIMIT_CODE = 131056  # too many messages to this one customer
LATER_CODES = {1, 2, 131000, 131016, 133004}
ACCOUNT_CODES = {0, 10, 190, 368, 131031, 131042, *range(200, 300)}
LIMIT_RETRY_S = 60
LATER_RETRY_S = 300
ACCOUNT_RETRY_S = 3600


class NoticeChannelWhatsapp(models.AbstractModel):
    """Notices by WhatsApp, as approved templates, through Meta's Cloud API."""

    _name = "contract.notice.channel.whatsapp"
    _description = "Notice Channel: WhatsApp"
    _inherit = "contract.notice.channel"

    @api.model
    def _get_account(self):
        company = self.env.company.sudo()
        return company.contract_whatsapp_account_ids.filtered("active")[:1]

    @api.model
    def _is_ready(self):
        return bool(self._get_account())

    @api.model
    def _get_not_ready_words(self):
        return self.env._("WhatsApp is not set up")

    @api.model
    def _get_address(self, partner):
        return self._get_phone(partner)

    @api.model
    def _get_missing_words(self):
        return self.env._("no phone number for WhatsApp")

    @api.model
    def _get_refused_words(self):
        return self.env._("refuses WhatsApp")

    @api.model
    def _send(self, notice, session):
        account = self.with_company(notice.company_id)._get_account()
        if not account:
            raise Refused(self._get_not_ready_words())
        try:
            response = account._request(
                "post",
                f"/{account.phone_number_id}/messages",
                json=self._prepare_message(notice),
            )
        except UserError as error:  # no token, or no key to read it with
            raise Retry(str(error), after_s=ACCOUNT_RETRY_S) from error
        except requests.RequestException as error:
            if is_unsent(error):
                raise Retry(str(error), after_s=LATER_RETRY_S) from error
            raise Uncertain(str(error)) from error
        return self._read_answer(account, response)

    @api.model
    def _prepare_message(self, notice):
        """Return the message as “Cloud API, Messages, Template” describes it.

        The key comes back with each report, so that one whose answer got lost
        is still recognized.
        """
        parameters = [
            {"type": "text", "text": value} for value in notice.values["parameters"]
        ]
        components = [{"type": "body", "parameters": parameters}] if parameters else []
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": notice.recipient.lstrip("+"),
            "type": "template",
            "template": {
                "name": notice.values["name"],
                "language": {"code": notice.values["language"]},
                "components": components,
            },
            "biz_opaque_callback_data": notice.key,
        }

    @api.model
    def _read_answer(self, account, response):
        if not response.ok:
            self._raise_refusal(account, response)
        try:
            answer = response.json()
            message_id = answer["messages"][0]["id"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise Uncertain(
                self.env._(
                    "WhatsApp answered %(status)s without a message.",
                    status=response.status_code,
                )
            ) from error
        return {
            "provider_ref": message_id,
            "provider_answer": json.dumps(answer, ensure_ascii=False),
        }

    @api.model
    def _raise_refusal(self, account, response):
        """Raise what an error of the Cloud API means for the notice."""
        code = account._get_error(response).get("code")
        words = account._describe_answer(response)
        if code == PAIR_LIMIT_CODE:
            wait_s = get_retry_after(response, LIMIT_RETRY_S)
            raise Retry(words, after_s=wait_s, is_for_all=False)
        if code in LIMIT_CODES or response.status_code == 429:
            raise Retry(words, after_s=get_retry_after(response, LIMIT_RETRY_S))
        if code in ACCOUNT_CODES or response.status_code in (401, 403):
            raise Retry(words, after_s=ACCOUNT_RETRY_S)
        if code in LATER_CODES:
            raise Retry(words, after_s=get_retry_after(response, LATER_RETRY_S))
        if response.status_code >= 500:
            raise Uncertain(words)  # a gateway answered, not the API
        raise Refused(words)
