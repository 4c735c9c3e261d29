"""What a customer owes for leaving before the end of the loyalty term."""

from datetime import date
from decimal import Decimal

from .billing_calendar import add_months, day_in_month
from .proration import CENT, round_money


def months_left(start: date, months: int, last_day: date) -> int:
    """Return how many whole months of a loyalty term were not used.

    A month that was begun counts as used, to the customer's favour. A term
    of 12 months from 17/03/2026 left on 16/07/2026 was used for 4 of them:

    >>> months_left(date(2026, 3, 17), 12, date(2026, 7, 16))
    8
    >>> months_left(date(2026, 3, 17), 12, date(2026, 7, 17))
    7
    >>> months_left(date(2026, 3, 17), 12, date(2027, 3, 16))
    0

    Left on its first day, a month was begun; left before that, none:

    >>> months_left(date(2026, 3, 17), 12, date(2026, 3, 17))
    11
    >>> months_left(date(2026, 3, 17), 12, date(2026, 3, 16))
    12
    """
    if last_day < start:
        return months
    begun = (last_day.year - start.year) * 12 + last_day.month - start.month + 1
    if _first_day(start, begun - 1) > last_day:
        begun -= 1
    return max(months - begun, 0)


def _first_day(start: date, number: int) -> date:
    """Return the first day of a month of the term, 0 being the first month."""
    year, month = add_months(start.year, start.month, number)
    return day_in_month(year, month, start.day)


def loyalty_penalty(
    full_amount: Decimal, months: int, left: int, unit: Decimal = CENT
) -> Decimal:
    """Return the penalty: the full one, by the months left, rounded half-up.

    :param full_amount: what leaving on the first day would cost, such as the
        benefit that was given
    :param unit: the currency's smallest unit
    :raise ValueError: a negative amount, or months left outside the term
    Source: Anatel, Res. 765/2023 (RGC): proportional to the time left

    >>> loyalty_penalty(Decimal("300.00"), 12, 8)
    Decimal('200.00')
    >>> loyalty_penalty(Decimal("100.00"), 12, 7)
    Decimal('58.33')
    >>> loyalty_penalty(Decimal("300.00"), 12, 0)
    Decimal('0.00')
    """
    if full_amount < 0:
        raise ValueError(f"negative penalty: {full_amount}")
    if not 0 <= left <= months:
        raise ValueError(f"{left} months left of {months}")
    if not months:
        return round_money(Decimal(0), unit)
    return round_money(full_amount * left / months, unit)
