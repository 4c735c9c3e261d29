"""Reading and changing one record of 400 characters by position.

Positions count from 1 and include both ends, as in the manuals of the banks.
"""

from datetime import date
from decimal import Decimal

from .cnab_lines import parse_amount, parse_date, parse_int

LENGTH = 400


def get_text(line: str, place: tuple[int, int]) -> str:
    """Return what stands there, blanks at its ends excluded.

    >>> get_text("AB  12", (1, 4))
    'AB'
    """
    return line[place[0] - 1 : place[1]].strip()


def get_number(line: str, place: tuple[int, int], number: int, field: str) -> int:
    """Return a number; blanks all over are zero.

    :param int number: of the line, for the error
    :raise CnabError: anything but digits, a blank among them included

    >>> get_number("0012 ", (1, 4), 1, "count"), get_number("    ", (1, 4), 1, "count")
    (12, 0)
    """
    text = line[place[0] - 1 : place[1]]
    return parse_int(text, number, field) if text.strip() else 0


def get_amount(line: str, place: tuple[int, int], number: int, field: str) -> Decimal:
    """Return an amount with two places; blanks all over are zero.

    >>> get_amount("0001990", (1, 7), 1, "amount")
    Decimal('19.90')
    """
    text = line[place[0] - 1 : place[1]]
    if not text.strip():
        return Decimal("0.00")
    return parse_amount(text, number, field)


def get_date(line: str, place: tuple[int, int], number: int, field: str) -> date | None:
    """Return a date of six digits; None for blanks or zeros.

    >>> get_date("311226", (1, 6), 1, "date")
    datetime.date(2026, 12, 31)
    """
    text = line[place[0] - 1 : place[1]]
    if not text.strip():
        return None
    return parse_date(text, number, field, "%d%m%y")


def put(line: str, first: int, last: int, text: str) -> str:
    """Return the record with a text in the place, which it fills exactly.

    :raise ValueError: the text is longer or shorter

    >>> put("000000", 2, 3, "12")
    '012000'
    """
    if len(text) != last - first + 1:
        raise ValueError(f"{text!r} does not fill {first}-{last}")
    return line[: first - 1] + text + line[last:]
