"""Cutting spans of days, as pure values."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

Span = tuple[date, date]


def cut_span(
    start: date, end: date, windows: Iterable[Span]
) -> Iterator[tuple[date, date, bool]]:
    """Yield a span of days in parts that lie inside or outside of windows.

    The parts touch and cover the span. Both ends of a span are days of it;
    windows may overlap.

    :return: (first day, last day, whether inside of a window)

    >>> june = date(2026, 6, 1), date(2026, 6, 30)
    >>> window = date(2026, 6, 11), date(2026, 7, 10)
    >>> for part in cut_span(*june, [window]):
    ...     print(*part)
    2026-06-01 2026-06-10 False
    2026-06-11 2026-06-30 True
    >>> [str(day) for day in next(cut_span(*june, []))[:2]]
    ['2026-06-01', '2026-06-30']
    """
    for first, last in sorted(windows):
        if last < start or first > end:
            continue
        if first > start:
            yield start, first - ONE_DAY, False
        first, last = max(first, start), min(last, end)
        yield first, last, True
        start = last + ONE_DAY
    if start <= end:
        yield start, end, False
