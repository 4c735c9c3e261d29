import requests

from odoo import api, models

from .http_errors import get_retry_after, is_unsent
from .notice_errors import Refused, Retry, Uncertain

NO_CONNECTION_RETRY_S = 120
NO_CREDIT_RETRY_S = 3600


class NoticeChannelSms(models.AbstractModel):
    """Notices by SMS, through the provider Odoo's ``sms`` is set up with."""

    _name = "contract.notice.channel.sms"
    _description = "Notice Channel: SMS"
    _inherit = "contract.notice.channel"

    @api.model
    def _get_address(self, partner):
        return self._get_phone(partner, only_mobile=True)

    @api.model
    def _get_missing_words(self):
        return self.env._("no mobile number for SMS")

    @api.model
    def _get_refused_words(self):
        return self.env._("refuses SMS")

    @api.model
    def _send(self, notice, session):
        """Send through ``sms.sms``, which lives only in this transaction.

        Were it committed before the call, Odoo's own queue might send it too.
        """
        sms = self.env["sms.sms"].create(
            {
                "number": notice.recipient,
                "body": notice.text,
                "partner_id": notice.partner_id.id,
            }
        )
        self.env["sms.tracker"].create(
            {"sms_uuid": sms.uuid, "contract_notice_id": notice.id}
        )
        self._call(sms)
        if sms.state == "error":
            self._raise_failure(sms)
        return {
            "provider_ref": sms.uuid,
            "provider_answer": self.env._("Accepted by the SMS provider."),
        }

    @api.model
    def _call(self, sms):
        try:
            sms._send(unlink_sent=True, raise_exception=True)
        except Exception as error:
            # Odoo words what went wrong; the reason lies beneath.
            reason = error.__context__ or error
            if is_unsent(reason):
                raise Retry(str(error), after_s=NO_CONNECTION_RETRY_S) from error
            response = getattr(reason, "response", None)
            if response is not None and response.status_code == 429:
                wait_s = get_retry_after(response, NO_CONNECTION_RETRY_S)
                raise Retry(str(reason), after_s=wait_s) from error
            if isinstance(reason, requests.HTTPError) and response.status_code < 500:
                raise Refused(str(reason)) from error
            raise Uncertain(str(error)) from error

    @api.model
    def _raise_failure(self, sms):
        labels = dict(sms._fields["failure_type"]._description_selection(self.env))
        words = labels.get(sms.failure_type, sms.failure_type)
        if sms.failure_type in ("sms_credit", "sms_acc"):
            raise Retry(
                self.env._(
                    "%(problem)s: buy credits or register under Settings, SMS.",
                    problem=words,
                ),
                after_s=NO_CREDIT_RETRY_S,
            )
        raise Refused(words)
