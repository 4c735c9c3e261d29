"""What service a contract gets on a day: a pure function of facts and date.

Nothing here knows how a state is stored or applied; windows end because their
last day has passed, not because somebody looked.
"""

from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)
# From the best service to the least.
LEVELS = ("full", "reduced", "blocked", "none")


class Restriction(NamedTuple):
    """What one step of dunning asks for while its invoice is open and overdue."""

    level: str  # "reduced" or "blocked"
    since: date


class Override(NamedTuple):
    """What a person decided, until a person lifts it."""

    level: str  # "reduced" or "blocked"
    since: date
    reason: str | None = None


class ServiceFacts(NamedTuple):
    """All that decides on the service of one contract.

    Windows hold automatic restrictions back until their last day, that day
    included.
    """

    lifecycle: str
    restrictions: tuple[Restriction, ...] = ()
    manual: Override | None = None
    block_exempt_until: date | None = None  # bonus period (*conceder bônus*)
    trust_unlocked_until: date | None = None  # *desbloqueio de confiança*
    auto_block: bool = True


class Service(NamedTuple):
    """A state, who brought it about, why, and its last day if time ends it."""

    state: str
    origin: str | None
    reason_code: str | None
    until: date | None = None


def service_state(facts: ServiceFacts, day: date) -> Service:
    """Return the service of a contract on a day.

    Only an active contract has service. What a person decided holds until it
    is lifted, whatever is owed. Otherwise the strongest restriction of open
    overdue invoices counts, unless a trust unlock or a bonus period holds it
    back or the contract is never restricted by itself.

    :return: the state with its last day, None where time alone does not end it
    :raise ValueError: a level no restriction can have

    >>> blocked = Restriction("blocked", date(2026, 5, 20))
    >>> facts = ServiceFacts("active", restrictions=(blocked,))
    >>> service_state(facts, date(2026, 5, 20))[:3]
    ('blocked', 'automatic', 'overdue')

    A trust unlock lasts through its last day:

    >>> facts = facts._replace(trust_unlocked_until=date(2026, 5, 23))
    >>> service_state(facts, date(2026, 5, 23))
    Service(state='full', origin=None, reason_code='trust_unlock', \
until=datetime.date(2026, 5, 23))
    >>> service_state(facts, date(2026, 5, 24))[:2]
    ('blocked', 'automatic')

    A suspended contract rests, and nothing of the above counts:

    >>> service_state(facts._replace(lifecycle="suspended"), date(2026, 5, 24))
    Service(state='none', origin=None, reason_code='suspended', until=None)
    """
    today = _state_on(facts, day)
    for change in sorted(_days_of_change(facts)):
        if change > day and _state_on(facts, change) != today:
            return Service(*today, change - ONE_DAY)
    return Service(*today, None)


def _state_on(facts, day):
    """Return (state, origin, reason code) on a day."""
    if facts.lifecycle != "active":
        reason = "suspended" if facts.lifecycle == "suspended" else "not_active"
        return "none", None, reason
    if facts.manual and facts.manual.since <= day:
        return _check_level(facts.manual.level), "manual", "manual"
    level = _strongest(facts.restrictions, day)
    if level == "full":
        return "full", None, None
    held_back = _held_back_by(facts, day)
    if held_back:
        return "full", None, held_back
    return level, "automatic", "overdue"


def _held_back_by(facts, day):
    """Return why automatic restrictions do not count on a day, if so."""
    if not facts.auto_block:
        return "no_auto_block"
    if facts.trust_unlocked_until and day <= facts.trust_unlocked_until:
        return "trust_unlock"
    if facts.block_exempt_until and day <= facts.block_exempt_until:
        return "bonus"
    return None


def _strongest(restrictions, day):
    """Return the least service that the restrictions in force on a day leave."""
    levels = [_check_level(r.level) for r in restrictions if r.since <= day]
    return max(levels, key=LEVELS.index, default="full")


def _check_level(level):
    if level not in ("reduced", "blocked"):
        raise ValueError(f"no restriction has the level {level!r}")
    return level


def _days_of_change(facts):
    """Return the days on which the state may be another than the day before."""
    days = {restriction.since for restriction in facts.restrictions}
    if facts.manual:
        days.add(facts.manual.since)
    for last_day in (facts.block_exempt_until, facts.trust_unlocked_until):
        if last_day and last_day < date.max:
            days.add(last_day + ONE_DAY)
    return days
