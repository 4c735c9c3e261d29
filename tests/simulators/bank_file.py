"""What files of all banks have in common, for the simulator."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass
class BankTitle:
    """A title as the bank has it; `raw` are the columns it gives back untouched.

    :param str check: digit of the number, where the simulator cannot work it out
    """

    number: str
    amount: Decimal
    due_date: date | None
    document: str
    raw: dict = field(default_factory=dict)
    state: str = "new"
    check: str = ""


@dataclass
class Notice:
    """One line of the next return file.

    :param str what: registered, refused, paid, written_off, due_changed, rebate,
        protest, protest_stopped, changed, fee; or the bank's own code as digits
    """

    title: BankTitle
    what: str
    day: date
    paid: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    reason: str = ""


class Record:
    """Columns that count from 1, as in the manuals."""

    def __init__(self, size):
        self.text = " " * size

    def put(self, first, last, value):
        width = last - first + 1
        text = str(value)
        if isinstance(value, int):
            text = text.rjust(width, "0")
        assert len(text) <= width, (first, last, value)
        self.text = self.text[: first - 1] + text.ljust(width) + self.text[last:]
        return self

    def money(self, first, last, value):
        return self.put(first, last, int(Decimal(value) * 100))


def column(line, first, last):
    return line[first - 1 : last]


def money(line, first, last):
    return Decimal(int(column(line, first, last))).scaleb(-2)


def refuse_unless(condition, words):
    """A bank refuses a file whose form is wrong, whatever stands in it."""
    if not condition:
        raise ValueError(words)
