"""How much of a month a recurrence covers."""

from .billing_calendar import RULES

# Months in a unit, as OCA contract counts them for its monthly amounts.
MONTHS = {"days": 1 / 30, "weeks": 7 / 30, "months": 1}


def months_in_period(rule: str, interval: int) -> float:
    """Return how many months a period lasts, a month having 30 days.

    >>> months_in_period("monthly", 2), months_in_period("quarterly", 1)
    (2, 3)
    >>> round(99.90 / months_in_period("yearly", 1), 2)
    8.33
    """
    unit, per_unit = RULES[rule]
    return MONTHS[unit] * per_unit * interval
