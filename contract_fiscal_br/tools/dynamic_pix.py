"""Dynamic Pix BR Code: points to the charge that the bank made.

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
    account = _field("00", "BR.GOV.BCB.PIX") + _field("25", match[1])
    code = (
        _field("00", "01")
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


def _field(number, value):
    return f"{number}{len(value):02}{value}"
