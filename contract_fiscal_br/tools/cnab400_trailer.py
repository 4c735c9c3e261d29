"""Totals in the trailer of a return file of CNAB 400, held against its titles.

They are the only guard against a digit changed within an amount.
"""

from decimal import Decimal

from .cnab400_record import get_amount, get_number
from .cnab_error import CnabError


def check_trailer(layout, line: str, number: int, titles) -> None:
    """Raise a CnabError where a total is not that of the titles.

    :param line: the trailer, which stands in line `number` of the file
    :param titles: (occurrence, face value, amount received) of each
    """
    if layout.trailer_bank:
        first, last = layout.trailer_bank
        found = line[first - 1 : last]
        if found.strip() and found != layout.bank:
            raise CnabError("wrong_bank", number, found=found, expected=layout.bank)
    for name, first, last, *groups in layout.controls:
        CONTROLS[name](line, number, (first, last), groups, titles)


def _choose(titles, occurrences):
    return [title for title in titles if title[0] in occurrences]


def _count(line, number, place, groups, titles):
    found = get_number(line, place, number, "trailer")
    counts = [len(_choose(titles, group)) for group in groups] or [len(titles)]
    if found not in counts:
        raise CnabError("trailer_count", number, found=found, expected=counts[0])


def _sum(line, number, place, sums):
    found = get_amount(line, place, number, "trailer")
    if found not in sums:
        raise CnabError("trailer_sum", number, found=found, expected=sums[0])


def _face(line, number, place, groups, titles):
    sums = [_add(_choose(titles, group), 1) for group in groups]
    _sum(line, number, place, sums or [_add(titles, 1)])


def _paid_or_face(line, number, place, groups, titles):
    """Zeros are allowed: not every agreement gets this total."""
    if not get_number(line, place, number, "trailer"):
        return
    sums = [
        _add(_choose(titles, group), column) for group in groups for column in (2, 1)
    ]
    _sum(line, number, place, sums)


def _if_any(check):
    """Return the check for banks that may leave the total empty."""

    def check_if_any(line, number, place, groups, titles):
        text = line[place[0] - 1 : place[1]]
        if text.strip(" 0"):
            check(line, number, place, groups, titles)

    return check_if_any


def _add(titles, column):
    return sum((title[column] for title in titles), Decimal("0.00"))


CONTROLS = {
    "count": _count,
    "count_if_any": _if_any(_count),
    "face": _face,
    "face_if_any": _if_any(_face),
    "paid_or_face": _paid_or_face,
}
