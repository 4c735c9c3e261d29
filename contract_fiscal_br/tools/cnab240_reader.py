"""Reads a return file of 240 columns, all of it or none.

Records, counts and sequence must be as FEBRABAN's CNAB 240 (Cobrança) says. Where banks
differ from it in files seen, that is named below; nothing else is let through.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .cnab240_records import Cnab240Records
from .cnab_error import CnabError
from .cnab_lines import parse_amount, parse_date, parse_int, split_lines
from .collection_event import ZERO, CollectionEvent
from .return_file import ReturnFile

COLUMNS = 240
COLLECTION = "01"
# Registers of segment Y that tell of a Pix charge: 03 (FEBRABAN), 04 (Sicredi).
PIX_REGISTERS = ("03", "04")
# Kinds of event whose amounts and dates must be there.
SETTLING = ("paid", "returned")


@dataclass(frozen=True)
class Cnab240Reading:
    """How a bank's return files are read.

    :param str bank: three digits
    :param get_kind: kind of event for a code of movement
    :param read_nosso_numero: number as the account counts it, from the characters of
        the field and its line; a CnabError if the bank cannot have written it
    :param str echo: what begins the field “use of the company” where it repeats the
        number; other programs' titles have something else there
    :param compose_pix: copy and paste text of the charge at an address, "" for what is
        none
    """

    bank: str
    records: Cnab240Records
    get_kind: Callable[[str], str]
    read_nosso_numero: Callable[[str, int], str]
    echo: str
    compose_pix: Callable[[str], str]


def read(data: bytes, reading: Cnab240Reading) -> ReturnFile:
    """Return the file's facts and events.

    :raise CnabError: the first thing that is wrong, with its line
    """
    lines = split_lines(data, COLUMNS, pad=True)
    return _Reader(reading).read_lines(lines)


@dataclass
class _Lot:
    number: str
    details: int = 0
    titles: int = 0


@dataclass
class _Reader:
    reading: Cnab240Reading
    events: list = field(default_factory=list)
    lot: _Lot | None = None
    lots: int = 0
    pending: tuple | None = None  # segment T that waits for its U: (line, number)

    def read_lines(self, lines):
        header = self._read_header(lines[0])
        steps = {
            "1": self._open_lot,
            "2": self._skip,
            "3": self._read_detail,
            "4": self._skip,
            "5": self._close_lot,
        }
        for number, line in enumerate(lines[1:-1], 2):
            self._check_bank(line, number)
            step = steps.get(line[7])
            if step is None:
                key = "after_trailer" if line[7] == "9" else "unknown_record"
                raise CnabError(key, number, text=line[7])
            step(line, number)
        self._read_trailer(lines[-1], len(lines))
        return ReturnFile(
            **header, events=tuple(self._fill_dates(header)), lines=len(lines)
        )

    # === HEADER AND TRAILER OF THE FILE ===

    def _read_header(self, line):
        if not line[:8].isdecimal() or line[3:8] != "00000":
            raise CnabError("not_return", 1)
        self._check_bank(line, 1)
        if line[142] != "2":
            raise CnabError("remittance" if line[142] == "1" else "not_return", 1)
        fields = self.reading.records.read_line("ReturnHeader", line)
        created_on = parse_date(fields["file_date"], 1, "file_date")
        if created_on is None:
            text = fields["file_date"]
            raise CnabError("not_date", 1, field="file_date", text=text)
        return {
            "bank": line[:3],
            "agreement": _strip(fields.get("agreement", "")),
            "agency": _strip(fields.get("agency", "")),
            "account": _strip(fields.get("account", "")),
            "file_number": parse_int(fields["file_number"], 1, "file_number"),
            "created_on": created_on,
        }

    def _check_bank(self, line, number):
        if line[:3] != self.reading.bank:
            raise CnabError(
                "wrong_bank", number, found=line[:3], expected=self.reading.bank
            )

    def _read_trailer(self, line, number):
        self._check_bank(line, number)
        if number == 1 or line[7] != "9" or self.lot:
            raise CnabError("trailer_missing", number)
        # Santander writes the number of its lot where others have 9999
        _check_count(line[17:23], self.lots, number)
        _check_count(line[23:29], number, number)

    # === LOTS ===

    def _open_lot(self, line, number):
        if self.lot:
            raise CnabError("trailer_missing", number)
        if line[8] == "R":
            raise CnabError("remittance", number)
        if line[8] != "T" or line[9:11] != COLLECTION:
            raise CnabError("not_return", number)
        self.lot = _Lot(line[3:7])
        self.lots += 1

    def _close_lot(self, line, number):
        self._check_lot(line, number)
        self._check_no_orphan()
        counted = parse_int(line[17:23], number, "records")
        # header and trailer are records of the lot; Santander counts neither
        if counted not in (self.lot.details, self.lot.details + 2):
            raise CnabError(
                "trailer_count", number, found=counted, expected=self.lot.details + 2
            )
        self.lot = None

    def _check_lot(self, line, number):
        if not self.lot:
            raise CnabError("unknown_record", number, text=line[7])
        if line[3:7] != self.lot.number:
            raise CnabError(
                "sequence", number, found=line[3:7], expected=self.lot.number
            )

    def _skip(self, line, number):
        """Pass over records of a lot that say nothing of titles."""
        self._check_lot(line, number)
        self._check_no_orphan()
        self.lot.details += 1

    # === TITLES ===

    def _read_detail(self, line, number):
        self._check_lot(line, number)
        self.lot.details += 1
        sequence = parse_int(line[8:13], number, "sequence")
        expected = self.lot.details % 100000
        if sequence != expected:
            raise CnabError("sequence", number, found=sequence, expected=expected)
        segment = line[13]
        if segment == "T":
            self._check_no_orphan()
            self.pending = (line, number)
        elif segment == "U":
            self._read_pair(line, number)
        else:
            # what else the bank says of the title before, never a title itself
            self._check_no_orphan()
            if not segment.isalpha():
                raise CnabError("unknown_record", number, text=segment)
            if segment == "Y":
                self._read_more(line, number)

    def _read_more(self, line, number):
        """Add the Pix charge of segment Y to the title before it."""
        fields = self.reading.records.read_line("SegmentY", line)
        if fields["optional_record"] not in PIX_REGISTERS:
            return
        code = self.reading.compose_pix(fields["pix_key"].strip())
        if not code:
            return
        if not self.lot.titles:
            raise CnabError("orphan", number, segment="Y")
        self.events[-1] = replace(
            self.events[-1], pix_copy_paste=code, txid=fields["txid"].strip()
        )

    def _check_no_orphan(self):
        if self.pending:
            raise CnabError("orphan", self.pending[1], segment="T")

    def _read_pair(self, line, number):
        if not self.pending:
            raise CnabError("orphan", number, segment="U")
        first, first_number = self.pending
        self.pending = None
        if first[15:17] != line[15:17]:
            raise CnabError("orphan", number, segment="U")
        read_fields = self.reading.records.read_line
        title = _Fields(read_fields("SegmentT", first), first_number)
        values = _Fields(read_fields("SegmentU", line), number)
        self.events.append(self._read_event(title, values))
        self.lot.titles += 1

    def _read_event(self, title, values):
        occurrence = title.texts["movement"]
        kind = self.reading.get_kind(occurrence)
        strict = kind in SETTLING
        amounts = self._read_amounts(values, strict)
        return CollectionEvent(
            kind=kind,
            occurrence=occurrence,
            occurred_on=self._read_occurred_on(values, strict),
            credit_date=values.read_date("credit_date", strict),
            nosso_numero=self._read_nosso_numero(title),
            document_number=title.texts["document_number"].strip(),
            amount=title.read_amount("amount", True),
            fee=title.read_amount("fee", True),
            reasons=_split_reasons(title.texts["reasons"]),
            line=title.number,
            **amounts,
        )

    def _read_occurred_on(self, values, strict):
        day = values.read_date("occurred_on", True)
        if strict and day is None:
            text = values.texts["occurred_on"]
            raise CnabError("not_date", values.number, field="occurred_on", text=text)
        return day

    def _read_amounts(self, values, strict):
        """Return the amounts of segment U; what is not a settlement moves none.

        Fine and interest come in one sum, which is taken for interest.
        """
        names = ("paid", "interest", "discount", "rebate", "net")
        amounts = {name: values.read_amount(name, strict) for name in names}
        return amounts if strict else dict.fromkeys(names, ZERO)

    def _read_nosso_numero(self, title):
        text = title.texts["nosso_numero"]
        number = self.reading.read_nosso_numero(text, title.number)
        echo = title.texts["company_use"].strip()
        own = echo.removeprefix(self.reading.echo)
        if echo.startswith(self.reading.echo) and own.isdecimal() and own != number:
            raise CnabError("conflict", title.number, text=text.strip(), other=echo)
        return number

    def _fill_dates(self, header):
        """Return the events; what has no day happened when the file was made."""
        for event in self.events:
            if event.occurred_on:
                yield event
            else:
                yield replace(event, occurred_on=header["created_on"])


@dataclass
class _Fields:
    """The characters of a record's fields, and its line in the file."""

    texts: dict
    number: int

    def read_amount(self, name, strict):
        text = self.texts[name]
        if not strict and not text.strip():
            return ZERO
        return parse_amount(text, self.number, name)

    def read_date(self, name, strict):
        """Return a date; None for zeros or, unless strict, blanks."""
        text = self.texts[name]
        if not strict and not text.strip():
            return None
        return parse_date(text, self.number, name)


def _check_count(text, expected, number):
    found = parse_int(text, number, "records")
    if found != expected:
        raise CnabError("trailer_count", number, found=found, expected=expected)


def _strip(text):
    return text.strip().lstrip("0")


def _split_reasons(text):
    """Return the codes of the reasons, two characters each.

    >>> _split_reasons("A40300    ")
    ('A4', '03')
    """
    codes = (text[place : place + 2].strip() for place in range(0, len(text), 2))
    return tuple(code for code in codes if code and code != "00")
