"""Read a bank's direct debit return (CNAB 150), whole or not at all.

Records and positions: `cnab150_layout`. Nothing is guessed: a file that is cut, was
sent by somebody else or does not add up is refused, and the error names the line.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .cnab150_layout import (
    INFORMING,
    LINE_LENGTH,
    OF_COMPANIES,
    OPTED_IN,
    OPTED_OUT,
    READ_VERSIONS,
    RECORDS,
    RETURN,
    SERVICE,
)
from .cnab_error import CnabError
from .cnab_lines import parse_amount, parse_date, parse_int, split_lines
from .debit_reference import read_reference


@dataclass(frozen=True)
class DebitAnswer:
    """What became of one debit (record F).

    :param str nosso_numero: of our title; empty where the debit is not of ours
    :param Decimal amount: debited, or asked for where nothing was debited
    :param date day: of the debit, or the due date where nothing was debited
    :param str code: the manual's table F07
    """

    line: int
    client_id: str
    branch: str
    account: str
    day: date
    amount: Decimal
    code: str
    nosso_numero: str
    reference: str
    movement: str


@dataclass(frozen=True)
class DebitOption:
    """A customer opted in or out at the bank (record B)."""

    line: int
    client_id: str
    branch: str
    account: str
    day: date
    is_in: bool


@dataclass(frozen=True)
class DebitObjection:
    """The bank did not change an identification or exclusion we sent (record H)."""

    line: int
    client_id: str
    words: str


@dataclass(frozen=True)
class DebitReturn:
    """A return that holds together."""

    bank: str
    agreement: str
    generated_on: date
    number: int
    version: str
    total: Decimal
    lines: int
    answers: tuple = ()
    options: tuple = ()
    objections: tuple = ()
    # Numbers of our files the bank says it has processed (record J).
    processed: tuple = ()


def read_return(content, bank=None, agreement=None):
    """Return the `DebitReturn` that the bytes hold.

    :param str bank: code the file must be of
    :param str agreement: as the bank gave it; zeros before it do not matter
    :raise CnabError: the file is refused as a whole
    """
    lines = split_lines(content, LINE_LENGTH)
    header = _read_header(lines)
    _check_sender(header, bank, agreement)
    records = [_read(number, line) for number, line in enumerate(lines, 1)]
    _check_end(records)
    details = records[1:-1]
    total = _check_totals(records)
    return DebitReturn(
        bank=header["bank"],
        agreement=header["agreement"],
        generated_on=_to_day(header, "generated_on"),
        number=int(header["number"]),
        version=header["version"],
        total=total,
        lines=len(lines),
        answers=tuple(_read_answer(r) for r in details if r["kind"] == "F"),
        options=tuple(_read_option(r) for r in details if r["kind"] == "B"),
        objections=tuple(
            DebitObjection(r["line"], r["client_id"], r["words"])
            for r in details
            if r["kind"] == "H"
        ),
        processed=tuple(int(r["number"]) for r in details if r["kind"] == "J"),
    )


# === FILE ===


def _read_header(lines):
    if lines[0][0] != "A":
        raise CnabError("not_return", 1)
    header = _read(1, lines[0])
    if _plain(header["service"]).replace(" ", "") != SERVICE.replace(" ", ""):
        raise CnabError("not_debit", 1, found=header["service"])
    if header["direction"] != RETURN:
        raise CnabError("remittance", 1)
    if header["version"] not in READ_VERSIONS:
        raise CnabError("debit_version", 1, found=header["version"])
    return header


def _check_sender(header, bank, agreement):
    if bank and header["bank"] != bank:
        raise CnabError("wrong_bank", 1, found=header["bank"], expected=bank)
    found = header["agreement"]
    if agreement and found.lstrip("0") != agreement.strip().lstrip("0"):
        raise CnabError("wrong_agreement", 1, found=found, expected=agreement)


def _check_end(records):
    for record in records[1:-1]:
        if record["kind"] == "Z":
            raise CnabError("after_trailer", record["line"] + 1)
        if record["kind"] == "A":
            raise CnabError("unknown_record", record["line"], text="A")
    if records[-1]["kind"] != "Z" or len(records) < 2:
        raise CnabError("trailer_missing", records[-1]["line"])


def _check_totals(records):
    """Return the total that trailer and debits agree on (Z02, Z03)."""
    trailer = records[-1]
    line, count = trailer["line"], int(trailer["count"])
    if count != len(records):
        raise CnabError("trailer_count", line, found=count, expected=len(records))
    total = sum(_to_amount(record) for record in records if record["kind"] == "F")
    stated = parse_amount(trailer["total"], line, "total")
    if stated != total:
        raise CnabError("trailer_total", line, found=stated, expected=total)
    return stated


# === RECORDS ===


def _read(number, line):
    """Return {field: text} of a line; numbers must be numbers."""
    kind = line[0]
    if kind in OF_COMPANIES:
        raise CnabError("remittance", number)
    if kind in INFORMING:
        return {"kind": kind, "line": number}
    if kind not in RECORDS:
        raise CnabError("unknown_record", number, text=kind)
    record = {"kind": kind, "line": number}
    for field in RECORDS[kind]:
        value = line[field.first - 1 : field.last]
        if field.numeric:
            parse_int(value, number, field.name)
        record[field.name] = value.strip()
    return record


def _read_answer(record):
    try:
        nosso_numero = read_reference(record["client_id"], record["own_use"])
    except ValueError as error:
        raise CnabError("debit_reference", record["line"]) from error
    return DebitAnswer(
        line=record["line"],
        client_id=record["client_id"],
        branch=record["branch"],
        account=record["account"],
        day=_to_day(record, "day"),
        amount=_to_amount(record),
        code=record["code"],
        nosso_numero=nosso_numero,
        reference=record["own_use"],
        movement=record["movement"],
    )


def _read_option(record):
    if record["movement"] not in (OPTED_IN, OPTED_OUT):
        raise CnabError("unknown_record", record["line"], text=record["movement"])
    return DebitOption(
        line=record["line"],
        client_id=record["client_id"],
        branch=record["branch"],
        account=record["account"],
        day=_to_day(record, "day"),
        is_in=record["movement"] == OPTED_IN,
    )


def _to_day(record, name):
    day = parse_date(record[name], record["line"], name, "%Y%m%d")
    if not day:
        raise CnabError("not_date", record["line"], field=name, text=record[name])
    return day


def _to_amount(record):
    return parse_amount(record["amount"], record["line"], "amount")


def _plain(text):
    """Return a text without accents, in capitals."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.upper()
