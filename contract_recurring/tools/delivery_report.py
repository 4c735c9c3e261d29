"""What mail servers report about an e-mail that could not be delivered.

No ORM, no clock, no network. Source: RFC 3464, sections 2.1 (parts), 2.3.1 and
2.3.2 (recipients), 2.3.3 (actions) and 2.3.6 (diagnostic code).
"""

import re
from email.utils import parseaddr
from typing import NamedTuple

# Senders of reports without a machine-readable part.
POSTMASTERS = ("mailer-daemon", "postmaster")


class DeliveryReport(NamedTuple):
    """What became of an e-mail for one recipient."""

    addresses: frozenset  # the recipient, as addressed and as it was forwarded
    action: str  # failed, delayed, delivered, relayed or expanded
    words: str  # the server's answer


def read_delivery_reports(message):
    """Return the `DeliveryReport` of each recipient an e-mail tells of.

    One without a machine-readable part is a failure for all recipients where a
    mail server wrote it, and tells nothing where a person or an answering machine
    did.

    :param message: an `email.message.EmailMessage`

    >>> from email import message_from_string, policy
    >>> message_from = lambda text: message_from_string(text, policy=policy.SMTP)
    >>> report = message_from(
    ...     "Content-Type: multipart/report; boundary=x\\n\\n--x\\n"
    ...     "Content-Type: message/delivery-status\\n\\nReporting-MTA: dns; mx\\n\\n"
    ...     "Final-Recipient: rfc822; Ana@b.example\\nAction: failed\\n"
    ...     "Diagnostic-Code: smtp; 550 5.1.1 unknown\\n\\n--x--")
    >>> read_delivery_reports(report)
    [DeliveryReport(addresses=frozenset({'ana@b.example'}), action='failed', \
words='550 5.1.1 unknown')]
    >>> read_delivery_reports(message_from("From: ana@b.example\\n\\nOn holiday"))
    []
    >>> daemon = "From: MAILER-DAEMON@b.example\\nSubject: Returned\\n\\nNo such user"
    >>> read_delivery_reports(message_from(daemon))
    [DeliveryReport(addresses=frozenset(), action='failed', words='Returned')]
    """
    groups = [
        group
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for group in part.get_payload()
        if group["Action"]
    ]
    if groups:
        return [_read_group(group) for group in groups]
    sender = parseaddr(str(message["From"] or ""))[1].partition("@")[0]
    if sender.lower() not in POSTMASTERS:
        return []
    return [DeliveryReport(frozenset(), "failed", str(message["Subject"] or ""))]


def read_message_ids(message):
    """Return the Message-IDs a report without machine-readable part speaks of:
    those it answers, and those in the copy of the e-mail it may end with.

    >>> from email import message_from_string, policy
    >>> read_message_ids(message_from_string(
    ...     "From: MAILER-DAEMON@b.example\\nIn-Reply-To: <1@a.example>\\n\\n"
    ...     "--- Below this line is a copy\\nMessage-ID: <2@a.example>\\n",
    ...     policy=policy.SMTP))
    ['<1@a.example>', '<2@a.example>']
    """
    part = message.get_body(("plain",))
    text = part.get_content() if part else ""
    headers = (str(message[name] or "") for name in ("In-Reply-To", "References"))
    copied = re.findall(r"^Message-ID:.*$", text, re.MULTILINE | re.IGNORECASE)
    return re.findall(r"<[^<>\s]+>", " ".join([*headers, *copied]))


def _read_group(group):
    addresses = (_read_typed(group[f"{name}-Recipient"]) for name in _RECIPIENTS)
    return DeliveryReport(
        frozenset(address.strip("<>").lower() for address in addresses if address),
        str(group["Action"]).strip().lower(),
        _read_typed(group["Diagnostic-Code"]) or _read_typed(group["Status"]),
    )


_RECIPIENTS = ("Original", "Final")


def _read_typed(value):
    """Return what follows the type of a field: ``rfc822; a@b`` is ``a@b``."""
    before, separator, after = str(value or "").partition(";")
    return " ".join((after if separator else before).split())
