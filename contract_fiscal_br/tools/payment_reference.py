"""How a payment names its refund, so that the bank's answer finds it again."""

import re
import zlib

_REFERENCE = re.compile(r"R(\d{10})([0-9A-F]{8})")


def make_payment_reference(number, amount):
    """Return the company's number of a payment (“seu número”, 19 characters).

    Its checksum ties refund and amount together.

    >>> from decimal import Decimal
    >>> make_payment_reference(42, Decimal("99.90"))
    'R00000000421C25400F'
    """
    return f"R{number:010d}{_get_checksum(number, amount)}"


def read_payment_reference(text, amount):
    """Return the number, or None where the payment is not of ours.

    :raise ValueError: ours, but the amount is another one or it is damaged
    """
    text = text.strip()
    if not text.startswith("R") or len(text) != 19:
        return None
    match = _REFERENCE.fullmatch(text)
    if not match or match[2] != _get_checksum(int(match[1]), amount):
        raise ValueError(text)
    return int(match[1])


def _get_checksum(number, amount):
    return f"{zlib.crc32(f'{number}|{amount:.2f}'.encode()):08X}"
