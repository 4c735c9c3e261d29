"""Days on which a service was blocked, from the history of its states."""

from collections.abc import Iterable
from datetime import date, timedelta

from .day_spans import Span

ONE_DAY = timedelta(days=1)
BLOCKED = "blocked"


def blocked_spans(changes: Iterable[tuple[date, str]], until: date) -> list[Span]:
    """Return the spans of days at whose end the service was blocked.

    So the day of the block counts and that of the return does not: on that
    day the customer had service again.

    :param changes: (day, state from then on), in the order they happened
    :param until: last day asked for

    Blocked from the 10th to the 15th, and again on the 20th for a few hours:

    >>> changes = [
    ...     (date(2026, 3, 10), "blocked"), (date(2026, 3, 15), "full"),
    ...     (date(2026, 3, 20), "blocked"), (date(2026, 3, 20), "full"),
    ... ]
    >>> [(str(a), str(b)) for a, b in blocked_spans(changes, date(2026, 3, 31))]
    [('2026-03-10', '2026-03-14')]

    Still blocked on the day asked for:

    >>> [(str(a), str(b)) for a, b in blocked_spans(changes[:1], date(2026, 3, 12))]
    [('2026-03-10', '2026-03-12')]
    """
    spans = []
    since = None
    for day, state in changes:
        if state == BLOCKED:
            since = since or day
        elif since:
            spans.append((since, day - ONE_DAY))
            since = None
    if since:
        spans.append((since, until))
    return [
        (first, min(last, until)) for first, last in spans if first <= min(last, until)
    ]
