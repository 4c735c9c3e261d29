"""Reads tables as clerks save them, CSV or XLSX, into numbered lines of cells.

Knows no columns: who reads a file for what is in it says which sign parts the
cells, and what its lines mean.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl import load_workbook

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f]")

Line = tuple[int, list]


@dataclass(frozen=True)
class FileProblem:
    """What is wrong: the code of a message, its parameters, and where.

    ``line`` is 0 where the whole file is meant.
    """

    line: int
    column: str
    code: str
    params: dict = field(default_factory=dict)
    is_warning: bool = False


class UnreadableFile(Exception):
    """A file that cannot be read at all: the code of a message and its line."""

    def __init__(self, code, line=0, **params):
        super().__init__(code)
        self.code = code
        self.line = line
        self.params = params


def has_text(cell) -> bool:
    """Return whether a cell holds more than blanks; a zero is text, too."""
    return cell is not None and bool(str(cell).strip())


def read_xlsx(content: bytes) -> Iterator[Line]:
    """Yield the rows of the sheet that was in front; formulas give their values.

    :raise UnreadableFile: a damaged file
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.active
        # Some exporters write a size that hides all but the first cell.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, list(cells)
    # Whatever a damaged archive causes escapes from openpyxl.
    except Exception as error:
        raise UnreadableFile("unreadable_file") from error


def read_csv(text: str, delimiter: str) -> Iterator[Line]:
    """Yield the rows of a text, each with the number of the line it begins in.

    :raise UnreadableFile: a quote that is never closed, with its line

    >>> list(read_csv('a;b\\n"1\\n2";c\\nd;e', ";"))
    [(1, ['a', 'b']), (2, ['1\\n2', 'c']), (4, ['d', 'e'])]
    """
    # strict: a quote that is never closed would swallow lines in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first_line = 1
    try:
        for cells in reader:
            yield first_line, cells
            first_line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile("bad_quotes", line=first_line) from error


def decode_text(content: bytes) -> str:
    """Return the text of UTF-8, UTF-16 with a mark, or Windows (cp1252, latin-1).

    >>> decode_text("ação".encode("utf-8-sig")), decode_text("ação".encode("latin-1"))
    ('ação', 'ação')
    """
    encodings = ("utf-16",) if content.startswith(UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL_CHARACTERS.search(text):
            return text
    raise UnreadableFile("unreadable_file")
