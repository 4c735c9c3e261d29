"""Adjusting prices (*reajuste*) by an index or a percentage, as pure values.

Sources: Lei 10.192/2001, art. 2 (no adjustment within a year of the contract
or of the last adjustment); Anatel, Res. 765/2023, art. 39.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from .billing_calendar import ONE_DAY, add_months
from .proration import CENT, round_money

# An index accumulates over a year.
MONTHS = 12
# Decimals of a factor: more than the statistics offices publish, and few
# enough to be printed on a notice and worked out again by the customer.
FACTOR_UNIT = Decimal("0.00000001")
# Twelve values of ten decimals multiply without a rounding in between.
EXACT_DIGITS = 300
HUNDRED = Decimal(100)


class MissingMonths(ValueError):
    """Months an index has no value for."""

    def __init__(self, months: list[date]):
        super().__init__(", ".join(month.strftime("%m/%Y") for month in months))
        self.months = months


def months_before(month: date) -> list[date]:
    """Return the first days of the twelve months before a month, oldest first.

    >>> months = months_before(date(2026, 3, 1))
    >>> len(months), str(months[0]), str(months[-1])
    (12, '2025-03-01', '2026-02-01')
    """
    return [
        date(*add_months(month.year, month.month, -number), 1)
        for number in range(MONTHS, 0, -1)
    ]


def accumulate(percents: Iterable[Decimal]) -> Decimal:
    """Return the factor of monthly variations, rounded half-up to 8 decimals.

    >>> accumulate([Decimal("0.50"), Decimal("-0.20")])
    Decimal('1.00299000')
    >>> accumulate([])
    Decimal('1.00000000')
    """
    with localcontext() as context:
        context.prec = EXACT_DIGITS
        factor = Decimal(1)
        for percent in percents:
            factor *= 1 + percent / HUNDRED
        return factor.quantize(FACTOR_UNIT, rounding=ROUND_HALF_UP)


def accumulated_factor(values: Mapping[date, Decimal], month: date) -> Decimal:
    """Return the factor of the twelve months before the month of adjustment.

    :param values: percent of each month, by its first day
    :raise MissingMonths: naming the months without a value

    0.5 % in each of twelve months make 6.1678 %, not 6 %:

    >>> year = {first: Decimal("0.5") for first in months_before(date(2026, 3, 1))}
    >>> accumulated_factor(year, date(2026, 3, 1))
    Decimal('1.06167781')
    >>> accumulated_factor(year, date(2026, 5, 1))
    ... # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    MissingMonths: 03/2026, 04/2026
    """
    months = months_before(month)
    missing = [first for first in months if first not in values]
    if missing:
        raise MissingMonths(missing)
    return accumulate(values[first] for first in months)


def percent_factor(percent: Decimal) -> Decimal:
    """Return the factor of a fixed percentage.

    >>> percent_factor(Decimal("4.5"))
    Decimal('1.04500000')
    """
    return accumulate([percent])


def applied_factor(factor: Decimal, never_lower: bool) -> Decimal:
    """Return the factor to apply; a policy may refuse to lower prices.

    >>> applied_factor(Decimal("0.98"), True), applied_factor(Decimal("0.98"), False)
    (Decimal('1'), Decimal('0.98'))
    """
    return max(factor, Decimal(1)) if never_lower else factor


def adjusted_price(price: Decimal, factor: Decimal, unit: Decimal = CENT) -> Decimal:
    """Return the new unit price, rounded half-up to the currency's unit.

    R$ 99,90 and 4.56 %: 99.90 × 1.0456 = 104.45544.

    >>> adjusted_price(Decimal("99.90"), Decimal("1.0456"))
    Decimal('104.46')
    """
    return round_money(price * factor, unit)


def year_after(day: date) -> date:
    """Return the first day on which a price agreed on a day may be adjusted.

    A term of a year ends on the same day, or on the next where that year
    lacks it (Código Civil, art. 132, § 3).

    >>> year_after(date(2025, 4, 10)), year_after(date(2024, 2, 29))
    (datetime.date(2026, 4, 10), datetime.date(2025, 3, 1))
    """
    last_of_month = monthrange(day.year + 1, day.month)[1]
    if day.day > last_of_month:
        return date(day.year + 1, day.month, last_of_month) + ONE_DAY
    return day.replace(year=day.year + 1)
