"""Instalments of an agreement about a debt: amounts and due dates.

Amounts add up to the debt to the cent, and due dates are anchored: each is
counted from the first one, so that 31/01 is followed by 28/02 and 31/03.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from .billing_calendar import add_months, day_in_month
from .proration import CENT, share

ENTRY = 0
MAX_INSTALMENTS = 120


class BadPlan(ValueError):
    """Terms no plan can be made of; ``code`` says which."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Terms:
    """What was agreed about a debt.

    :param discount_percent: taken off fine and interest
    :param entry: paid first, zero for none
    :param months: from one instalment to the next
    """

    count: int
    first_due: date
    entry: Decimal = Decimal(0)
    entry_due: date | None = None
    months: int = 1
    discount_percent: Decimal = Decimal(0)


@dataclass(frozen=True)
class Instalment:
    """A part of the debt; number 0 is the entry.

    :param surcharge: how much of the amount is fine and interest
    """

    number: int
    due_date: date
    amount: Decimal
    surcharge: Decimal


def check_terms(total: Decimal, terms: Terms, day: date, unit: Decimal = CENT):
    """Raise BadPlan if the terms fit no debt of that total on a day.

    >>> try:
    ...     check_terms(Decimal(100), Terms(0, date(2026, 5, 10)), date(2026, 5, 1))
    ... except BadPlan as error:
    ...     print(error.code)
    no_instalments
    """
    refusals = (
        ("no_debt", total <= 0),
        ("no_instalments", terms.count < 1),
        ("too_many", terms.count > MAX_INSTALMENTS),
        ("no_interval", terms.months < 1),
        ("bad_discount", not 0 <= terms.discount_percent <= 100),
        ("bad_entry", terms.entry < 0 or bool(terms.entry) and not terms.entry_due),
        ("entry_too_large", terms.entry >= total),
        ("past_entry", bool(terms.entry) and (terms.entry_due or day) < day),
        ("past_due_date", terms.first_due < day),
        (
            "entry_after_first",
            bool(terms.entry) and (terms.entry_due or day) > terms.first_due,
        ),
        ("too_small", total - terms.entry < unit * terms.count),
    )
    for code, is_wrong in refusals:
        if is_wrong:
            raise BadPlan(code)


def plan(
    total: Decimal,
    surcharge: Decimal,
    terms: Terms,
    day: date,
    move_due_date: Callable[[date], date] | None = None,
    unit: Decimal = CENT,
) -> list[Instalment]:
    """Return the instalments of a debt, the entry first.

    The surcharge is spread in proportion, as the difference of two rounded
    running totals.

    :param total: all that is to be paid
    :param surcharge: how much of the total is fine and interest
    :param day: on which it is agreed; nothing is due before
    :param move_due_date: moves a due date, e.g. to the next bank day
    :raise BadPlan: see `check_terms`

    R$ 100,00 in three, from the 31st of January on:

    >>> terms = Terms(3, date(2026, 1, 31))
    >>> for part in plan(Decimal(100), Decimal(10), terms, date(2026, 1, 5)):
    ...     print(part.number, part.due_date, part.amount, part.surcharge)
    1 2026-01-31 33.34 3.33
    2 2026-02-28 33.33 3.34
    3 2026-03-31 33.33 3.33
    """
    check_terms(total, terms, day, unit)
    parts = [(ENTRY, terms.entry_due, terms.entry)] if terms.entry else []
    parts += zip(
        range(1, terms.count + 1),
        due_dates(terms.first_due, terms.count, terms.months),
        equal_parts(total - terms.entry, terms.count, unit),
        strict=True,
    )
    move = move_due_date or (lambda due: due)
    shares = share(surcharge, [amount for _number, _due, amount in parts], unit)
    return [
        Instalment(number, move(due), amount, part)
        for (number, due, amount), part in zip(parts, shares, strict=True)
    ]


def due_dates(first_due: date, count: int, months: int = 1) -> list[date]:
    """Return the due dates, each counted from the first.

    >>> [f"{due:%d/%m/%Y}" for due in due_dates(date(2027, 12, 31), 3)]
    ['31/12/2027', '31/01/2028', '29/02/2028']
    """
    starts = (
        add_months(first_due.year, first_due.month, number * months)
        for number in range(count)
    )
    return [day_in_month(year, month, first_due.day) for year, month in starts]


def equal_parts(total: Decimal, count: int, unit: Decimal = CENT) -> list[Decimal]:
    """Return parts that add up to the total; the first ones carry what is over.

    >>> [str(part) for part in equal_parts(Decimal("100.00"), 3)]
    ['33.34', '33.33', '33.33']
    """
    part = (total / count).quantize(unit, rounding=ROUND_DOWN)
    over = int((total - part * count) / unit)
    return [part + unit if number < over else part for number in range(count)]
