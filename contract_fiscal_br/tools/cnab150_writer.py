"""Write a direct debit remittance (*Débito Automático*, CNAB 150): pure bytes.

Records and positions: `cnab150_layout`. The same arguments give the same bytes.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .cnab150_layout import (
    CANCEL,
    CURRENCY_REAL,
    DEBIT,
    EXCLUDED,
    LINE_LENGTH,
    RECORDS,
    REMITTANCE,
    SERVICE,
    WRITTEN_VERSIONS,
)

CENTS = Decimal(100)


@dataclass(frozen=True)
class DebitHeader:
    """Who sends the file.

    :param int number: NSA, one more than that of the file before, up to 999999
    """

    agreement: str
    company_name: str
    bank: str
    bank_name: str
    generated_on: date
    number: int
    version: str = "05"


@dataclass(frozen=True)
class DebitOrder:
    """A debit (record E), or the cancellation of one that was sent.

    :param Decimal amount: in BRL, two places at most
    :param str vat: CPF or CNPJ of the account's holder, digits and letters alone;
        version 05 has the bank compare it
    """

    client_id: str
    branch: str
    account: str
    day: date
    amount: Decimal
    reference: str
    vat: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class DebitExclusion:
    """The company takes a customer out of the bank's register (record D)."""

    client_id: str
    branch: str
    account: str
    words: str = ""


@dataclass(frozen=True)
class DebitRefusal:
    """The company refuses what the bank registered (record C)."""

    client_id: str
    branch: str
    account: str
    movement: str
    words: str = ""


def write_remittance(header, orders, exclusions=(), refusals=()):
    """Return the bytes of a remittance; lines end with CR LF.

    :raise ValueError: a value that does not fit its field; its name is the argument
    """
    if header.version not in WRITTEN_VERSIONS:
        raise ValueError("version")
    lines = [_write_header(header)]
    lines += [_write_refusal(refusal) for refusal in refusals]
    lines += [_write_exclusion(exclusion) for exclusion in exclusions]
    lines += [_write_order(order, header.version) for order in orders]
    total = sum((_to_cents(order.amount) for order in orders), 0)
    lines.append(_write("Z", count=len(lines) + 1, total=total))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _write_header(header):
    return _write(
        "A",
        direction=REMITTANCE,
        agreement=header.agreement,
        company_name=_shorten(header.company_name, 20),
        bank=header.bank,
        bank_name=_shorten(header.bank_name, 20),
        generated_on=_to_day(header.generated_on),
        number=header.number,
        version=header.version,
        service=SERVICE,
    )


def _write_order(order, version):
    holder = {}
    if version != "04":
        if not order.vat:
            raise ValueError("vat")
        # 1 CNPJ, 2 CPF
        holder = {
            "vat_kind": "1" if len(order.vat) == 14 else "2",
            "vat": order.vat.zfill(15),
        }
    return _write(
        "E",
        client_id=order.client_id,
        branch=order.branch,
        account=order.account,
        day=_to_day(order.day),
        amount=_to_cents(order.amount),
        currency=CURRENCY_REAL,
        own_use=order.reference,
        movement=CANCEL if order.is_cancelled else DEBIT,
        **holder,
    )


def _write_exclusion(exclusion):
    return _write(
        "D",
        client_id=exclusion.client_id,
        branch=exclusion.branch,
        account=exclusion.account,
        words=_shorten(exclusion.words, 60),
        movement=EXCLUDED,
    )


def _write_refusal(refusal):
    words = _shorten(refusal.words, 80)
    return _write(
        "C",
        client_id=refusal.client_id,
        branch=refusal.branch,
        account=refusal.account,
        words=words[:40],
        more_words=words[40:],
        movement=refusal.movement,
    )


def _write(kind, **values):
    """Return one line; a value longer than its field is an error, never cut."""
    line = [kind, *" " * (LINE_LENGTH - 1)]
    for field in RECORDS[kind]:
        value = str(values.get(field.name, ""))
        width = field.last - field.first + 1
        if field.numeric and value:
            value = value.zfill(width)
            if not value.isdecimal():
                raise ValueError(field.name)
        value = value.ljust(width)
        if len(value) > width or not (value.isascii() and value.isprintable()):
            raise ValueError(field.name)
        line[field.first - 1 : field.last] = value
    return "".join(line)


def _to_day(day):
    return day.strftime("%Y%m%d")


def _to_cents(amount):
    cents = amount * CENTS
    if cents < 0 or cents != cents.to_integral_value():
        raise ValueError("amount")
    return int(cents)


def _shorten(text, length):
    """Return words in plain capitals, cut to the length: for the eye alone."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore")
    return " ".join(plain.decode().upper().split())[:length].strip()
