"""Amounts and rates as files and APIs of banks have them."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_decimal(number: float) -> Decimal:
    """Return a number of the database with two places, rounded half-up.

    Its text is the shortest that gives the same float: what was entered.

    >>> to_decimal(132.1), to_decimal(2.675)
    (Decimal('132.10'), Decimal('2.68'))
    """
    return Decimal(str(number)).quantize(CENT, ROUND_HALF_UP)
