"""Billing periods of a contract, as pure values.

A calendar answers three questions about a contract: into which periods its
time is cut, when each period is due, and how large the whole period is of
which a first or last, shorter period is a part. It reads no clock and no
database.

Periods are *anchored*: each one is counted from the first full period and
never from the one before, so a contract of the 31st that bills on 28/02
bills on 31/03 again, and a yearly one of 29/02 returns to 29/02.
"""

import calendar as month_calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

# The reference period (*competência*) against the period the due date is in.
REFERENCE_SHIFT = {"past": 1, "present": 0, "future": -1}

# OCA contract's recurrence rules, in the calendar's units.
RULES = {
    "daily": ("days", 1),
    "weekly": ("weeks", 1),
    "monthly": ("months", 1),
    "monthlylastday": ("months", 1),
    "quarterly": ("months", 3),
    "semesterly": ("months", 6),
    "yearly": ("months", 12),
}


def day_in_month(year: int, month: int, day: int) -> date:
    """Return that day of the month, or the month's last day if it is shorter.

    >>> day_in_month(2026, 2, 31)
    datetime.date(2026, 2, 28)
    """
    return date(year, month, min(day, month_calendar.monthrange(year, month)[1]))


def add_months(year: int, month: int, months: int) -> tuple[int, int]:
    """Return (year, month) moved by a number of months, which may be negative.

    >>> add_months(2026, 1, -1)
    (2025, 12)
    """
    years, month0 = divmod(year * 12 + month - 1 + months, 12)
    return years, month0 + 1


@dataclass(frozen=True)
class Period:
    """Days charged together, both ends included.

    ``full_start`` and ``full_end`` bound the whole period of which this is
    a part; they equal ``start`` and ``end`` for all but a first or last one.
    """

    index: int
    start: date
    end: date
    full_start: date
    full_end: date
    due_date: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def full_days(self) -> int:
        return (self.full_end - self.full_start).days + 1

    @property
    def is_full(self) -> bool:
        return self.start == self.full_start and self.end == self.full_end


@dataclass(frozen=True)
class BillingCalendar:
    """The periods from ``origin`` on.

    :param origin: first day covered; with a later ``first_start`` the days
        between are a shorter first period, index 0 being the period that
        holds the origin
    :param unit: "days", "weeks" or "months"
    :param interval: how many units a period lasts
    :param anchor_day: day of the month on which full periods start (months)
    :param due_day: day of the month on which a period is due (months)
    :param reference: "past": billed after it was used; "present": due within
        its own period; "future": due one period ahead
    :param move_due_date: moves a due date, e.g. to the next bank day
    :param not_due_before: day before which nothing is due, such as the
        activation; the origin unless given

    :raise ValueError: a day outside 1-31, an interval below 1, an unknown
        unit or reference

    The contract of 17/03, due on the 10th, has 24 days before its first
    full period; both are due on 10/04:

    >>> calendar = BillingCalendar(date(2026, 3, 17), anchor_day=10, due_day=10)
    >>> for p in calendar.until(date(2026, 5, 31)):
    ...     print(p.start, p.end, f"{p.days}/{p.full_days}", p.due_date)
    2026-03-17 2026-04-09 24/31 2026-04-10
    2026-04-10 2026-05-09 30/30 2026-04-10
    2026-05-10 2026-06-09 31/31 2026-05-10

    The 31st is kept through February:

    >>> calendar = BillingCalendar(date(2026, 1, 31), anchor_day=31, due_day=31)
    >>> [str(p.start) for p in calendar.until(date(2026, 4, 29))]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """

    origin: date
    unit: str = "months"
    interval: int = 1
    anchor_day: int = 1
    due_day: int = 1
    reference: str = "present"
    move_due_date: Callable[[date], date] | None = None
    not_due_before: date | None = None

    def __post_init__(self):
        if self.unit not in ("days", "weeks", "months"):
            raise ValueError(f"unknown unit: {self.unit}")
        if self.interval < 1:
            raise ValueError(f"interval below 1: {self.interval}")
        if not (1 <= self.anchor_day <= 31 and 1 <= self.due_day <= 31):
            raise ValueError("a day of the month lies between 1 and 31")
        if self.reference not in REFERENCE_SHIFT:
            raise ValueError(f"unknown reference period: {self.reference}")

    def reaching_back_to(self, day: date) -> "BillingCalendar":
        """Return the calendar with its periods continued back to hold a day.

        A new due day begins after the last day charged; whatever of the days
        before it must be charged again (a change of plan credits and charges
        anew) still needs a period.

        >>> calendar = BillingCalendar(date(2026, 5, 10), anchor_day=25, due_day=25)
        >>> [f"{p.start:%d/%m}" for p in calendar.until(date(2026, 5, 31))]
        ['10/05', '25/05']
        >>> earlier = calendar.reaching_back_to(date(2026, 4, 20))
        >>> [f"{p.start:%d/%m}" for p in earlier.until(date(2026, 5, 31))]
        ['25/03', '25/04', '25/05']
        """
        if day >= self.origin:
            return self
        number = -1
        while self.full_start(number) > day:
            number -= 1
        return replace(
            self,
            origin=self.full_start(number),
            not_due_before=self.not_due_before or self.origin,
        )

    # --- periods -----------------------------------------------------------

    @property
    def first_start(self) -> date:
        """Return the first start of a full period on or after the origin."""
        if self.unit != "months":
            return self.origin
        first = day_in_month(self.origin.year, self.origin.month, self.anchor_day)
        if first < self.origin:
            year, month = add_months(first.year, first.month, 1)
            first = day_in_month(year, month, self.anchor_day)
        return first

    def full_start(self, number: int) -> date:
        """Return the start of the full period ``number``, 0 being the first."""
        first = self.first_start
        if self.unit == "days":
            return first + timedelta(days=number * self.interval)
        if self.unit == "weeks":
            return first + timedelta(weeks=number * self.interval)
        year, month = add_months(first.year, first.month, number * self.interval)
        return day_in_month(year, month, self.anchor_day)

    def period(self, index: int) -> Period:
        """Return the period ``index``; 0 holds the origin."""
        number = index if self.first_start == self.origin else index - 1
        full_start = self.full_start(number)
        full_end = self.full_start(number + 1) - ONE_DAY
        return Period(
            index=index,
            start=max(full_start, self.origin),
            end=full_end,
            full_start=full_start,
            full_end=full_end,
            due_date=self._due_date(number),
        )

    def index_of(self, day: date) -> int:
        """Return the index of the period that holds a day.

        :raise ValueError: a day before the origin

        >>> calendar = BillingCalendar(date(2026, 3, 17), anchor_day=10, due_day=10)
        >>> calendar.index_of(date(2026, 4, 9)), calendar.index_of(date(2026, 4, 10))
        (0, 1)
        """
        if day < self.origin:
            raise ValueError(f"{day} lies before the first day, {self.origin}")
        first = self.first_start
        if self.unit == "months":
            months = (day.year - first.year) * 12 + day.month - first.month
            number = months // self.interval
        else:
            length = self.interval * (7 if self.unit == "weeks" else 1)
            number = (day - first).days // length
        if self.full_start(number) > day:
            number -= 1
        elif self.full_start(number + 1) <= day:
            number += 1
        return number if first == self.origin else number + 1

    def periods(self, since: date | None = None) -> Iterator[Period]:
        """Yield the periods without end, from the one that holds ``since``."""
        index = self.index_of(max(since or self.origin, self.origin))
        while True:
            yield self.period(index)
            index += 1

    def until(self, due_until: date, since: date | None = None) -> list[Period]:
        """Return the periods due by a date, from the one that holds ``since``."""
        due = []
        for period in self.periods(since):
            if period.due_date > due_until:
                return due
            due.append(period)

    # --- due dates ---------------------------------------------------------

    def _due_date(self, number: int) -> date:
        """Return when a full period is due.

        What would have been due before the contract began is due with the
        first date that follows.
        """
        number += REFERENCE_SHIFT[self.reference]
        due_date = self._nominal_due_date(number)
        while due_date < (self.not_due_before or self.origin):
            number += 1
            due_date = self._nominal_due_date(number)
        return self.move_due_date(due_date) if self.move_due_date else due_date

    def _nominal_due_date(self, number: int) -> date:
        start = self.full_start(number)
        if self.unit != "months":
            return start
        year, month = add_months(
            start.year, start.month, int(self.due_day < self.anchor_day)
        )
        return day_in_month(year, month, self.due_day)
