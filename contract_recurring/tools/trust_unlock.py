"""When service may be given back on a promise (*desbloqueio de confiança*)."""

from datetime import date, timedelta
from typing import NamedTuple


class UnlockRules(NamedTuple):
    """How long a trust unlock lasts, how often, and since when."""

    days: int  # after the day of the unlock; 0: never unlocked
    every_days: int  # from one unlock to the next
    min_age_days: int  # of the contract


class UnlockFacts(NamedTuple):
    """What the rules ask about one contract."""

    activated_on: date
    last_unlocked_on: date | None = None
    last_unlocked_until: date | None = None
    is_promise_broken: bool = False  # what was promised last is still open


def unlock_refusal(
    rules: UnlockRules, facts: UnlockFacts, day: date
) -> tuple[str, date | None] | None:
    """Return why a contract is not unlocked on a day: (code, day from which on
    it could be), or None where it may.

    The day is None where waiting alone does not help.

    >>> rules = UnlockRules(days=3, every_days=30, min_age_days=90)
    >>> facts = UnlockFacts(date(2026, 1, 1), date(2026, 5, 1), date(2026, 5, 4))
    >>> unlock_refusal(rules, facts, date(2026, 5, 30))
    ('too_soon', datetime.date(2026, 5, 31))
    >>> unlock_refusal(rules, facts, date(2026, 5, 31))
    >>> unlock_refusal(rules, UnlockFacts(date(2026, 5, 1)), date(2026, 5, 31))
    ('too_young', datetime.date(2026, 7, 30))
    """
    if rules.days <= 0:
        return "not_offered", None
    if facts.last_unlocked_until and day <= facts.last_unlocked_until:
        return "unlocked", facts.last_unlocked_until
    if facts.is_promise_broken:
        return "promise_broken", None
    old_enough = facts.activated_on + timedelta(days=rules.min_age_days)
    if day < old_enough:
        return "too_young", old_enough
    if facts.last_unlocked_on:
        again = facts.last_unlocked_on + timedelta(days=rules.every_days)
        if day < again:
            return "too_soon", again
    return None
