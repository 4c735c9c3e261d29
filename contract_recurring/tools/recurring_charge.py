"""What a contract line owes for its periods, as pure values.

The billing run, the preview of the next invoice and the date of the next
invoice all read the same answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from .billing_calendar import ONE_DAY, BillingCalendar, Period
from .day_spans import Span, cut_span
from .proration import CENT, prorate, round_money


@dataclass(frozen=True)
class LineTerms:
    """What a line charges for each whole period, and the days it is in force.

    :param discount: percent of the price
    :param charged_until: last day already charged
    :param due_since: start of the service this line continues at another price;
        what is billed ahead stays due as before
    :param unit: the currency's smallest unit
    """

    quantity: Decimal
    price_unit: Decimal
    start: date
    end: date | None = None
    discount: Decimal = Decimal(0)
    charged_until: date | None = None
    due_since: date | None = None
    unit: Decimal = CENT

    @property
    def amount(self) -> Decimal:
        """Return the price of a whole period, rounded.

        >>> LineTerms(Decimal(2), Decimal("49.95"), date(2026, 1, 1),
        ...           discount=Decimal(10)).amount
        Decimal('89.91')
        """
        gross = self.quantity * self.price_unit
        return round_money(gross * (1 - self.discount / 100), self.unit)

    @property
    def first_uncharged(self) -> date:
        if self.charged_until is None:
            return self.start
        return max(self.start, self.charged_until + ONE_DAY)


@dataclass(frozen=True)
class PeriodCharge:
    """One charge of a line: its days, its part of the whole period, its price."""

    period: Period
    start: date
    end: date
    due_date: date
    whole_amount: Decimal
    amount: Decimal
    is_exempt: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def is_full(self) -> bool:
        return self.days == self.period.full_days

    @property
    def kind(self) -> str:
        return "recurring" if self.is_full else "prorata"


def period_charges(
    calendar: BillingCalendar, terms: LineTerms
) -> Iterator[PeriodCharge]:
    """Yield what the line owes from its first uncharged day on, period by period.

    The charges touch: each begins the day after the one before. A part of a
    period that was due before the line began is due with the next period.

    A line of R$ 99,90 that begins on 17/03 under a due day 10:

    >>> calendar = BillingCalendar(date(2026, 3, 17), anchor_day=10, due_day=10)
    >>> terms = LineTerms(Decimal(1), Decimal("99.90"), date(2026, 3, 17))
    >>> for charge in islice(period_charges(calendar, terms), 2):
    ...     print(charge.kind, charge.days, charge.amount, charge.due_date)
    prorata 24 77.34 2026-04-10
    recurring 30 99.90 2026-04-10
    """
    since = max(terms.first_uncharged, calendar.origin)
    for period in calendar.periods(since):
        if terms.end and max(since, period.start) > terms.end:
            return
        start = max(period.start, since)
        end = min(period.end, terms.end) if terms.end else period.end
        yield PeriodCharge(
            period=period,
            start=start,
            end=end,
            due_date=_due_date(calendar, period, terms.due_since or terms.start),
            whole_amount=terms.amount,
            amount=prorate(
                terms.amount,
                period.full_start,
                period.full_end,
                start,
                end,
                terms.unit,
            ),
        )


def split_exempt(
    charge: PeriodCharge, windows: Iterable[Span], unit: Decimal = CENT
) -> Iterator[PeriodCharge]:
    """Yield a charge in parts that lie inside or outside of exemptions.

    The parts add up to the charge to the cent.

    R$ 99,90 for 10/05 to 09/06, exempt from 20/05 on:

    >>> calendar = BillingCalendar(date(2026, 5, 10), anchor_day=10, due_day=10)
    >>> terms = LineTerms(Decimal(1), Decimal("99.90"), date(2026, 5, 10))
    >>> charge = next(period_charges(calendar, terms))
    >>> for part in split_exempt(charge, [(date(2026, 5, 20), date(2026, 7, 1))]):
    ...     print(part.start, part.end, part.amount, part.is_exempt)
    2026-05-10 2026-05-19 32.23 False
    2026-05-20 2026-06-09 67.67 True
    """
    full = charge.period.full_start, charge.period.full_end
    for start, end, inside in cut_span(charge.start, charge.end, windows):
        yield replace(
            charge,
            start=start,
            end=end,
            amount=prorate(charge.whole_amount, *full, start, end, unit),
            is_exempt=inside,
        )


def _due_date(calendar: BillingCalendar, period: Period, line_start: date) -> date:
    """Return the period's due date, or the first one after the line began."""
    for later in calendar.periods(period.start):
        if later.due_date >= line_start:
            return later.due_date


def charges_due(
    calendar: BillingCalendar, terms: LineTerms, due_until: date
) -> list[PeriodCharge]:
    """Return what is owed and due by a date, that day included, oldest first.

    >>> calendar = BillingCalendar(date(2026, 5, 10), anchor_day=10, due_day=10)
    >>> terms = LineTerms(Decimal(1), Decimal("99.90"), date(2026, 5, 10))
    >>> [len(charges_due(calendar, terms, date(2026, 6, day))) for day in (9, 10)]
    [1, 2]
    """
    due = []
    for charge in period_charges(calendar, terms):
        if charge.due_date > due_until:
            break
        due.append(charge)
    return due


def next_due_date(calendar: BillingCalendar, terms: LineTerms) -> date | None:
    """Return when the first uncharged period is due, None once all is charged."""
    charge = next(islice(period_charges(calendar, terms), 1), None)
    return charge.due_date if charge else None
