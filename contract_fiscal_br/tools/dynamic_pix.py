"""Dynamic Pix BR Code: points to the charge that the bank made.

Banks tell the address of the charge, or the code itself.

Source: Manual de Padrões para Iniciação do Pix, Banco Central do Brasil (QR Code
dinâmico): the code holds the address of the charge, without “https://” and with 77
characters at most, and “***” in the place of the txid, which the charge itself tells.
Amount and terms are read there by whoever pays.
"""

import re

from pycobranca.pix.payload import crc16_ccitt

from .payer import clean_text

ADDRESS = re.compile(r"(?:https://)?((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?/\S+)")
ADDRESS_SIZE = 77
CODE_START = "000201"
# “Merchant account information” may stand in any of these.
ACCOUNT_NUMBERS = [str(number) for number in range(26, 52)]
NAME_SIZE = 25
CITY_SIZE = 15


def compose_dynamic_pix(address: str, name: str, city: str) -> str:
    """Return the copy and paste text of a charge, or "" where there is no address.

    :param str address: of the charge, as the bank gave it (location)
    :param str name: of the company that is paid
    :param str city: of the company

    >>> address = "pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a99"
    >>> code = compose_dynamic_pix(address, "Empresa", "São Paulo")
    >>> code[:26], code[-8:]
    ('00020101021226770014BR.GOV', '6304EEAB')
    >>> compose_dynamic_pix("a@b.com", "Empresa", "São Paulo")
    ''
    """
    match = ADDRESS.fullmatch(address.strip())
    if not (match and address.isascii() and len(match[1]) <= ADDRESS_SIZE):
        return ""
    if match[1].startswith(CODE_START):
        # a code cut off, which ends like an address
        return ""
    account = _field("00", "BR.GOV.BCB.PIX") + _field("25", match[1])
    code = (
        CODE_START
        + _field("01", "12")
        + _field("26", account)
        + _field("52", "0000")
        + _field("53", "986")
        + _field("58", "BR")
        + _field("59", clean_text(name)[:NAME_SIZE].strip())
        + _field("60", (clean_text(city) or "BRASIL")[:CITY_SIZE].strip())
        + _field("62", _field("05", "***"))
        + "6304"
    )
    return code + crc16_ccitt(code)


def read_dynamic_pix(code: str) -> str:
    """Return the copy and paste text of a charge, or "" for anything else.

    Its checksum (CRC-16) must be right and it must point to a charge: a code of the key
    alone would be paid without the bank settling the boleto.

    >>> code = compose_dynamic_pix("pix.example.com/qr/7", "Empresa", "São Paulo")
    >>> read_dynamic_pix(code) == code
    True
    >>> read_dynamic_pix(code.replace("qr/7", "qr/8"))
    ''
    """
    code = code.strip()
    if not (code.isascii() and code.startswith(CODE_START) and code[-8:-4] == "6304"):
        return ""
    if crc16_ccitt(code[:-4]) != code[-4:].upper():
        return ""
    accounts = [
        _read_fields(value)
        for number, value in _read_fields(code).items()
        if number in ACCOUNT_NUMBERS
    ]
    dynamic = any(
        account.get("00", "").upper() == "BR.GOV.BCB.PIX" and account.get("25")
        for account in accounts
    )
    return code if dynamic else ""


def _read_fields(text):
    """Return {number: value}; empty where the sizes do not add up."""
    fields = {}
    while text:
        size = text[2:4]
        if not size.isdecimal():
            return {}
        fields[text[:2]] = text[4 : 4 + int(size)]
        text = text[4 + int(size) :]
    return fields


def _field(number, value):
    return f"{number}{len(value):02}{value}"
