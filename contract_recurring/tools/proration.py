"""Parts of a period, by calendar day, that always add up to the whole.

Activation, change of plan or due day, suspension and closing all ask this
module how much of a period's price falls on some of its days.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

CENT = Decimal("0.01")


def round_money(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    """Round half-up to the currency's smallest unit.

    >>> round_money(Decimal("56.615")), round_money(Decimal("-56.615"))
    (Decimal('56.62'), Decimal('-56.62'))
    """
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


def prorate(
    amount: Decimal,
    full_start: date,
    full_end: date,
    start: date,
    end: date,
    unit: Decimal = CENT,
) -> Decimal:
    """Return the share of a period's amount that falls on some of its days.

    Days count by the calendar, both ends included. Each share is the
    difference of two rounded running totals, so that whichever way a period
    is cut, its parts add up to the whole to the cent; a part differs from
    its own half-up rounding by one unit at most.

    :param amount: what the whole period costs; may be negative (a credit)
    :param unit: the currency's smallest unit
    :raise ValueError: days outside the period, or an end before a start

    17 of the 30 days of April at R$ 99,90:

    >>> april = date(2026, 4, 1), date(2026, 4, 30)
    >>> prorate(Decimal("99.90"), *april, date(2026, 4, 1), date(2026, 4, 17))
    Decimal('56.61')
    >>> prorate(Decimal("99.90"), *april, date(2026, 4, 18), date(2026, 4, 30))
    Decimal('43.29')

    Three parts of R$ 100,00 in a month of 31 days still make R$ 100,00:

    >>> may = date(2026, 5, 1), date(2026, 5, 31)
    >>> cuts = [(1, 10), (11, 20), (21, 31)]
    >>> [str(prorate(Decimal("100"), *may, date(2026, 5, a), date(2026, 5, b)))
    ...  for a, b in cuts]
    ['32.26', '32.26', '35.48']
    """
    if end < start:
        raise ValueError(f"the end {end} lies before the start {start}")
    if start < full_start or end > full_end:
        raise ValueError(f"{start} to {end} leaves the period {full_start}-{full_end}")
    full_days = (full_end - full_start).days + 1

    def running_total(days: int) -> Decimal:
        return round_money(amount * days / full_days, unit)

    return running_total((end - full_start).days + 1) - running_total(
        (start - full_start).days
    )


def share(
    amount: Decimal, weights: Sequence[Decimal], unit: Decimal = CENT
) -> list[Decimal]:
    """Return an amount shared by weights, adding up to it to the cent.

    Each share is the difference of two rounded running totals.

    >>> [str(part) for part in share(Decimal("10.00"), [Decimal(1), Decimal(2)])]
    ['3.33', '6.67']
    """
    whole = sum(weights)
    totals, running = [round_money(Decimal(0), unit)], Decimal(0)
    for weight in weights:
        running += weight
        totals.append(round_money(amount * running / whole, unit))
    return [after - before for before, after in pairwise(totals)]
