"""The lines of a CNAB file, and the numbers and dates in them, taken strictly."""

from datetime import date, datetime
from decimal import Decimal

from .cnab_error import CnabError

# What other kinds of file begin with, and the error that names them.
SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\xef\xbb\xbf", "utf8"),
    (b"\xff\xfe", "utf16"),
    (b"\xfe\xff", "utf16"),
    (b"PK\x03\x04", "zip"),
)
END_OF_FILE = b"\x1a"


def split_lines(data: bytes, length: int, *, pad: bool = False) -> list[str]:
    """Return the lines, each of exactly so many characters.

    Lines end by CR LF (LF alone, as mail programs leave it, if no CR is in the file);
    any other byte belongs to its line. An end-of-file mark (0x1A) of old systems and
    empty lines at the end are dropped.

    :param pad: fill up lines whose blanks at the end were cut off
    :raise CnabError: another kind of file, or a line of another length

    >>> split_lines(b"ab \\r\\ncd\\x85\\r\\n\\x1a", 3)
    ['ab ', 'cd\\x85']
    >>> split_lines(b"ab\\ncde\\n", 3, pad=True)
    ['ab ', 'cde']
    """
    lines = split_bytes(data)
    texts = []
    for number, line in enumerate(lines, 1):
        found = len(line)
        if found > length:
            raise CnabError("too_long", number, length=length, found=found)
        if found < length and not (pad and line.strip()):
            raise CnabError("too_short", number, length=length, found=found)
        texts.append(line.decode("latin-1").ljust(length))
    return texts


def split_bytes(data: bytes) -> list[bytes]:
    """Return the lines as they stand, whatever their length.

    :raise CnabError: empty, or not a text of the bank's encoding
    """
    check_text(data)
    data = data.rstrip(END_OF_FILE + b"\r\n")
    if not data.strip():
        raise CnabError("empty")
    lines = data.split(b"\r\n" if b"\r" in data else b"\n")
    for number, line in enumerate(lines, 1):
        if any(byte in line for byte in (b"\r", b"\n", b"\0", END_OF_FILE)):
            raise CnabError("line_break", number)
    return lines


def check_text(data: bytes) -> None:
    """Raise a CnabError unless it may be a text in ISO 8859-1."""
    for signature, key in SIGNATURES:
        if data.startswith(signature):
            raise CnabError(key)
    if b"\0" in data[:1000]:
        raise CnabError("utf16")
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return
        raise CnabError("utf8")


def get_line_length(data: bytes) -> int:
    """Return 240 or 400: the layout, told by the first line.

    Blanks at the end of a line of 240 may have been cut off.

    :raise CnabError: no layout has such lines
    """
    first = split_bytes(data)[0]
    if len(first) == 400:
        return 400
    # the shortest header of 240 still has the number of the file (158-163)
    if 160 <= len(first) <= 240:
        return 240
    raise CnabError("not_cnab", 1, found=len(first))


def parse_int(text: str, line: int, field: str) -> int:
    """Return a number of digits alone.

    :raise CnabError: anything else, blanks included

    >>> parse_int("00120", 1, "amount")
    120
    """
    if not (text.isascii() and text.isdecimal()):
        raise CnabError("not_number", line, field=field, text=text)
    return int(text)


def parse_amount(text: str, line: int, field: str, places: int = 2) -> Decimal:
    """Return an amount whose last digits are its cents.

    >>> parse_amount("0000000012345", 1, "amount")
    Decimal('123.45')
    """
    return Decimal(parse_int(text, line, field)).scaleb(-places)


def parse_date(text: str, line: int, field: str, form: str = "%d%m%Y") -> date | None:
    """Return the date; None where the bank put zeros.

    >>> parse_date("31122026", 1, "due date"), parse_date("00000000", 1, "due date")
    (datetime.date(2026, 12, 31), None)
    """
    if not parse_int(text, line, field):
        return None
    try:
        return datetime.strptime(text, form).date()
    except ValueError as error:
        raise CnabError("not_date", line, field=field, text=text) from error
