"""Read a bank's direct debit return (CNAB 150), whole or not at all.

Records and positions: `cnab150_layout`. Nothing is guessed: a file that is cut, was
sent by somebody else or does not add up is refused, and the error names the line.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
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
from .debit_reference import read_reference

ZERO = Decimal("0.00")


class DebitFileError(ValueError):
    """Why a file is refused: a code, the line (from 1) and what was read there."""

    def __init__(self, code, line=0, **values):
        super().__init__(f"{code} (line {line})")
        self.code = code
        self.line = line
        self.values = values


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
    answers: tuple = ()
    options: tuple = ()
    objections: tuple = ()
    # Numbers of our files the bank says it has processed (record J).
    processed: tuple = ()


def is_debit_file(content):
    """Return whether bytes look like a file of 150 positions, of either side."""
    first = content.split(b"\n", 1)[0].rstrip(b"\r")
    return len(first) == LINE_LENGTH and first[:1] == b"A" and first[1:2] in b"12"


def read_return(content, bank=None, agreement=None):
    """Return the `DebitReturn` that the bytes hold.

    :param str bank: code the file must be of
    :param str agreement: as the bank gave it; zeros before it do not matter
    :raise DebitFileError: the file is refused as a whole
    """
    lines = _split(content)
    header = _read_header(lines)
    _check_sender(header, bank, agreement)
    records = [_read(number, line) for number, line in enumerate(lines, 1)]
    _check_end(records)
    details = records[1:-1]
    _check_totals(records)
    return DebitReturn(
        bank=header["bank"],
        agreement=header["agreement"],
        generated_on=_to_day(header, "generated_on"),
        number=int(header["number"]),
        version=header["version"],
        total=_to_amount(records[-1]["total"]),
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


def _split(content):
    """Return the lines as text.

    Only CR LF and LF end a line: other bytes that Python takes for line ends may stand
    in a name.
    """
    if not content.strip():
        raise DebitFileError("empty")
    if content.startswith((b"%PDF", b"PK", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        raise DebitFileError("not_cnab")
    # some banks still end the file as CP/M did
    lines = content.rstrip(b"\x1a\r\n").split(b"\n")
    lines = [line.removesuffix(b"\r") for line in lines]
    for number, line in enumerate(lines, 1):
        if len(line) != LINE_LENGTH:
            raise DebitFileError("length", number, length=len(line))
        if any(byte < 32 or byte == 127 for byte in line):
            raise DebitFileError("encoding", number)
    return [line.decode("latin-1") for line in lines]


def _read_header(lines):
    if lines[0][0] != "A":
        raise DebitFileError("not_cnab", 1)
    header = _read(1, lines[0])
    if _plain(header["service"]).replace(" ", "") != SERVICE.replace(" ", ""):
        raise DebitFileError("service", 1, found=header["service"])
    if header["direction"] != RETURN:
        raise DebitFileError("remittance", 1)
    if header["version"] not in READ_VERSIONS:
        raise DebitFileError("version", 1, found=header["version"])
    return header


def _check_sender(header, bank, agreement):
    if bank and header["bank"] != bank:
        raise DebitFileError("bank", 1, found=header["bank"], wanted=bank)
    found = header["agreement"]
    if agreement and found.lstrip("0") != agreement.strip().lstrip("0"):
        raise DebitFileError("agreement", 1, found=found, wanted=agreement)


def _check_end(records):
    for record in records[1:-1]:
        if record["kind"] in "AZ":
            raise DebitFileError("order", record["line"])
    if records[-1]["kind"] != "Z" or len(records) < 2:
        raise DebitFileError("trailer", records[-1]["line"])


def _check_totals(records):
    """Raise unless the trailer counts and adds up what is there (Z02, Z03)."""
    trailer = records[-1]
    if int(trailer["count"]) != len(records):
        raise DebitFileError(
            "count", trailer["line"], found=len(records), wanted=int(trailer["count"])
        )
    total = sum(int(record["amount"]) for record in records if record["kind"] == "F")
    if int(trailer["total"]) != total:
        raise DebitFileError(
            "total",
            trailer["line"],
            found=_to_amount(total),
            wanted=_to_amount(trailer["total"]),
        )


# === RECORDS ===


def _read(number, line):
    """Return {field: text} of a line; numbers must be numbers."""
    kind = line[0]
    if kind in OF_COMPANIES:
        raise DebitFileError("remittance", number)
    if kind in INFORMING:
        return {"kind": kind, "line": number}
    if kind not in RECORDS:
        raise DebitFileError("record", number, found=kind)
    record = {"kind": kind, "line": number}
    for field in RECORDS[kind]:
        value = line[field.first - 1 : field.last]
        if field.numeric and not (value.isascii() and value.isdecimal()):
            raise DebitFileError("number", number, found=value, field=field.name)
        record[field.name] = value.strip()
    return record


def _read_answer(record):
    try:
        nosso_numero = read_reference(record["client_id"], record["own_use"])
    except ValueError as error:
        raise DebitFileError("reference", record["line"]) from error
    return DebitAnswer(
        line=record["line"],
        client_id=record["client_id"],
        branch=record["branch"],
        account=record["account"],
        day=_to_day(record, "day"),
        amount=_to_amount(record["amount"]),
        code=record["code"],
        nosso_numero=nosso_numero,
        reference=record["own_use"],
        movement=record["movement"],
    )


def _read_option(record):
    if record["movement"] not in (OPTED_IN, OPTED_OUT):
        raise DebitFileError("movement", record["line"], found=record["movement"])
    return DebitOption(
        line=record["line"],
        client_id=record["client_id"],
        branch=record["branch"],
        account=record["account"],
        day=_to_day(record, "day"),
        is_in=record["movement"] == OPTED_IN,
    )


def _to_day(record, name):
    try:
        return datetime.strptime(record[name], "%Y%m%d").date()
    except ValueError as error:
        raise DebitFileError("day", record["line"], found=record[name]) from error


def _to_amount(cents):
    return (Decimal(cents) / 100).quantize(ZERO)


def _plain(text):
    """Return a text without accents, in capitals."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.upper()
