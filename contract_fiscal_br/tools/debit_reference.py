"""How a direct debit names its title, so that the bank's answer finds it again."""

import re
import zlib

_REFERENCE = re.compile(r"T(\d{15})([0-9A-F]{8})")


def make_reference(client_id, nosso_numero):
    """Return the text for the field “uso da empresa” (24 characters).

    The bank gives it back unchanged. Its checksum ties title and customer together: a
    line whose customer was exchanged or damaged does not pay somebody else's title.

    >>> make_reference("000000018", "42")
    'T000000000000042BFB422D3'
    """
    if not nosso_numero.isdecimal() or len(nosso_numero) > 15:
        raise ValueError(nosso_numero)
    number = nosso_numero.zfill(15)
    return f"T{number}{_get_checksum(client_id, number)}"


def read_reference(client_id, reference):
    """Return the nosso número, or an empty text where the debit is not of ours.

    :raise ValueError: ours, but of another customer or damaged

    >>> read_reference("000000018", "T000000000000042BFB422D3")
    '42'
    >>> read_reference("000000018", "FATURA 0815")
    ''
    """
    text = reference.strip()
    if not text.startswith("T") or len(text) != 24:
        return ""
    match = _REFERENCE.fullmatch(text)
    if not match or match[2] != _get_checksum(client_id, match[1]):
        raise ValueError(reference)
    return match[1].lstrip("0")


def _get_checksum(client_id, number):
    return f"{zlib.crc32(f'{client_id}|{number}'.encode()):08X}"


def make_client_id(number):
    """Return a customer's identification with its check digit, as the layout asks.

    Modulo 11, weights 2 to 9 from the right, 10 and 11 give 0.

    >>> make_client_id(1), make_client_id(1234)
    ('000000019', '000012343')
    """
    digits = f"{number:08d}"
    weights = (9, 8, 7, 6, 5, 4, 3, 2)
    pairs = zip(digits, weights, strict=True)
    total = sum(int(digit) * weight for digit, weight in pairs)
    digit = 11 - total % 11
    return f"{digits}{digit if digit < 10 else 0}"
