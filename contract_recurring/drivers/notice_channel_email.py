import logging
import smtplib
from contextlib import contextmanager
from hashlib import sha256

from odoo import api, models
from odoo.tools import email_normalize, email_split

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .notice_errors import Refused, Retry, Uncertain

_logger = logging.getLogger(__name__)

# What a server answers for “later”, RFC 5321 section 4.2.1.
TRANSIENT_CODES = range(400, 500)
NO_CONNECTION_RETRY_S = 120
LATER_RETRY_S = 300
# The id of the notice in the Message-ID that `_get_message_id` gives.
NOTICE_ID = r"<contract-notice-(\d+)-"


class NoticeChannelEmail(models.AbstractModel):
    """Notices by e-mail, through the outgoing mail servers of Odoo."""

    _name = "contract.notice.channel.email"
    _description = "Notice Channel: E-mail"
    _inherit = "contract.notice.channel"

    @api.model
    def _get_address(self, partner):
        addresses = map(email_normalize, email_split(partner.email or ""))
        return ", ".join(filter(None, addresses)) or None

    @api.model
    def _get_missing_words(self):
        return self.env._("no e-mail address")

    @api.model
    def _get_refused_words(self):
        return self.env._("refuses e-mail")

    @api.model
    @contextmanager
    def _session(self):
        """Give the connections of a batch, by sender; they are closed at the end."""
        connections = {}
        try:
            yield connections
        finally:
            for connection in connections.values():
                try:
                    connection.quit()
                except (smtplib.SMTPException, OSError) as error:
                    _logger.info("Mail server left before the end: %s", error)

    @api.model
    def _send(self, notice, session):
        company = notice.company_id
        sender = self._get_sender(company)
        servers = self.env["ir.mail_server"].with_context(
            domain_notifications_email=company.default_from_email,
            domain_bounce_address=company.bounce_email,
        )
        message = servers._build_email__(
            email_from=sender,
            email_to=notice.recipient.split(", "),
            subject=notice.subject,
            body=str(notice.body),
            reply_to=company.email_formatted,
            subtype="html",
            attachments=[
                (attachment.name, attachment.raw, attachment.mimetype)
                for attachment in notice.attachment_ids
            ],
            message_id=self._get_message_id(notice, sender),
        )
        connection = self._connect(servers, sender, session)
        return {
            "provider_ref": self._transmit(servers, message, connection),
            "provider_answer": self.env._("Accepted by the mail server."),
        }

    @api.model
    def _get_sender(self, company):
        sender = company.email_formatted or company.default_from_email
        if not sender:
            raise Refused(
                self.env._(
                    "%(company)s has no e-mail address to send from. Enter one in "
                    "the settings of the company.",
                    company=company.name,
                )
            )
        return sender

    @api.model
    def _get_message_id(self, notice, sender):
        """Return the same Message-ID for the same notice, whoever sends it."""
        domain = email_normalize(sender).rpartition("@")[2]
        digest = sha256(f"{self.env.cr.dbname} {notice.key}".encode()).hexdigest()
        return f"<contract-notice-{notice.id}-{digest[:24]}@{domain}>"

    @api.model
    def _get_own_message_id(self, notice):
        """Return the Message-ID a notice was sent under, None without a sender."""
        try:
            return self._get_message_id(notice, self._get_sender(notice.company_id))
        except Refused:
            return None

    @api.model
    def _connect(self, servers, sender, session):
        """Return an open connection for a sender, the batch's own if it lives."""
        connection = session.pop(sender, None)
        if connection is not None:
            try:
                connection.noop()
            except (smtplib.SMTPException, OSError):
                connection = None
        if connection is None:
            try:
                connection = servers._connect__(smtp_from=sender)
            except Exception as error:
                raise Retry(
                    self.env._(
                        "The mail server cannot be reached: %(error)s. Check the "
                        "outgoing mail servers.",
                        error=error,
                    ),
                    after_s=NO_CONNECTION_RETRY_S,
                ) from error
        if connection is not None:
            session[sender] = connection
        return connection

    @api.model
    def _transmit(self, servers, message, connection):
        """Return the Message-ID of a message the server took.

        The connection broken off in the middle leaves open whether it did.
        """
        try:
            return servers.send_email(message, smtp_session=connection)
        except MailDeliveryException as error:
            self._raise_answer(error.__context__ or error)
        except AssertionError as error:
            raise Refused(str(error.args[-1])) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Uncertain(self._describe_lost(error)) from error

    @api.model
    def _raise_answer(self, error):
        """Raise what an answer of the server means."""
        addresses = ()
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            addresses = tuple(error.recipients)
            answers = list(error.recipients.values())
        elif isinstance(error, smtplib.SMTPResponseException):
            answers = [(error.smtp_code, error.smtp_error)]
        else:
            raise Uncertain(self._describe_lost(error)) from error
        words = "; ".join(f"{code} {_decode(text)}" for code, text in answers)
        if all(code in TRANSIENT_CODES for code, _text in answers):
            # 421: the server closes the channel, for everybody
            closes = any(code == 421 for code, _text in answers)
            raise Retry(words, after_s=LATER_RETRY_S, is_for_all=closes) from error
        raise Refused(words, addresses) from error

    @api.model
    def _describe_lost(self, error):
        return self.env._(
            "The connection to the mail server broke off: %(error)s", error=error
        )


def _decode(text):
    return text.decode(errors="replace") if isinstance(text, bytes) else text
