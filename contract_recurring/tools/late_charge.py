"""Fine and interest of a late payment, as pure values.

The fine is charged once on what was not paid in time; interest is simple, by
day, on what was open that day, on a month of 30 days. Neither bears a fine
or interest itself: callers give the principal only.

Sources: fine of at most 2 % of the instalment, Lei 8.078/1990 (CDC) art. 52
§ 1, as by Lei 9.298/1996; interest of 1 % a month, customary after Código
Tributário art. 161 § 1, quoted by Anatel with Res. 765/2023 art. 78; no
interest on interest, Decreto 22.626/1933 art. 4. A due date without bank
service is paid free of charge on the next bank day, Lei 7.089/1983 art. 1;
missed then too, interest counts from the original date, STJ REsp 1.954.924.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from .bank_calendar import next_bank_day
from .proration import CENT, round_money

ONE_DAY = timedelta(days=1)
# Most that a consumer may be charged: Lei 8.078/1990 (CDC) art. 52 § 1.
MAX_FINE_PERCENT = Decimal(2)
# Most a month: the customary legal rate (Código Tributário art. 161 § 1).
MAX_INTEREST_PERCENT = Decimal(1)
DAYS_OF_A_MONTH = 30

Payment = tuple[date, Decimal]


@dataclass(frozen=True)
class LateTerms:
    """What a contract charges for late payment.

    :param interest_percent: a month
    :param unit: the currency's smallest unit
    :raise ValueError: a negative rate
    """

    fine_percent: Decimal
    interest_percent: Decimal
    unit: Decimal = CENT

    def __post_init__(self):
        if self.fine_percent < 0 or self.interest_percent < 0:
            raise ValueError("a rate of fine or interest is negative")


@dataclass(frozen=True)
class OpenSpan:
    """Days, both ends included, on which the same amount was open and late."""

    first_day: date
    last_day: date
    amount: Decimal

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True)
class LateCharges:
    """Fine and interest of an invoice up to a day, and how they came about.

    :param late_amount: what was not paid in time: the base of the fine
    :param spans: what was open on which days: the base of the interest
    """

    fine: Decimal
    interest: Decimal
    late_amount: Decimal = Decimal(0)
    spans: tuple[OpenSpan, ...] = ()


@dataclass(frozen=True)
class LatePayment:
    """What was paid of an invoice on a day.

    :param source: what paid it, None where paying it late costs nothing, such
        as an agreement that has charged fine and interest already
    """

    day: date
    amount: Decimal
    source: int | None = None


@dataclass(frozen=True)
class LateInvoice:
    """An invoice as far as fine and interest go: principal, due date, payments."""

    amount: Decimal
    due_date: date
    terms: LateTerms
    payments: tuple[LatePayment, ...] = ()

    def until(self, day: date) -> LateCharges:
        """Return fine and interest from the due date up to a day."""
        payments = [(payment.day, payment.amount) for payment in self.payments]
        return accrue(self.amount, self.due_date, payments, day, self.terms)

    def interest_between(self, charged_until: date, day: date) -> Decimal:
        """Return the interest of the days after one already charged.

        >>> invoice = LateInvoice(Decimal("99.90"), date(2026, 3, 10),
        ...                       LateTerms(Decimal(2), Decimal(1)))
        >>> parts = [date(2026, 3, 10), date(2026, 3, 25), date(2026, 4, 9)]
        >>> [str(invoice.interest_between(*pair)) for pair in pairwise(parts)]
        ['0.50', '0.50']
        """
        return self.until(day).interest - self.until(charged_until).interest

    def spans_between(self, charged_until: date, day: date) -> tuple[OpenSpan, ...]:
        """Return what was open on the days after one already charged."""
        return tuple(
            replace(span, first_day=max(span.first_day, charged_until + ONE_DAY))
            for span in self.until(day).spans
            if span.last_day > charged_until
        )

    def late_payments(self) -> list[LatePayment]:
        """Return the payments that cost something, oldest first."""
        return sorted(
            (
                payment
                for payment in self.payments
                if payment.source is not None and is_late(self.due_date, payment.day)
            ),
            key=lambda payment: (payment.day, payment.source),
        )


def is_late(due_date: date, day: date) -> bool:
    """Return whether a payment on a day misses a due date.

    10/10/2026 is a Saturday, Sunday and the holiday of the 12th follow:

    >>> is_late(date(2026, 10, 10), date(2026, 10, 13))
    False
    >>> is_late(date(2026, 10, 10), date(2026, 10, 14))
    True
    """
    return day > next_bank_day(due_date)


def late_charges(
    amount: Decimal,
    due_date: date,
    paid_date: date,
    fine_percent: Decimal,
    monthly_interest_percent: Decimal,
    unit: Decimal = CENT,
) -> tuple[Decimal, Decimal]:
    """Return the fine and the interest owed on one late payment of all.

    Interest is simple, by day, on a 30-day month. Amounts are Decimal in BRL,
    each rounded half-up to the cent.

    :param due_date: the original one; a day without banks is moved here
    :return: (fine, interest); both zero when paid in time
    :raise ValueError: a negative amount or rate
    Source: see the module.

    Fifteen days: 2 % of R$ 100,00, and 15/30 of 1 %:

    >>> late_charges(Decimal("100.00"), date(2026, 3, 10), date(2026, 3, 25),
    ...              Decimal(2), Decimal(1))
    (Decimal('2.00'), Decimal('0.50'))

    Paid on the bank day after a Saturday, and a day later, when interest
    counts from the Saturday (4 days):

    >>> saturday = date(2026, 10, 10)
    >>> late_charges(Decimal("99.90"), saturday, date(2026, 10, 13),
    ...              Decimal(2), Decimal(1))
    (Decimal('0.00'), Decimal('0.00'))
    >>> late_charges(Decimal("99.90"), saturday, date(2026, 10, 14),
    ...              Decimal(2), Decimal(1))
    (Decimal('2.00'), Decimal('0.13'))
    """
    terms = LateTerms(Decimal(fine_percent), Decimal(monthly_interest_percent), unit)
    charges = accrue(amount, due_date, (), paid_date, terms)
    return charges.fine, charges.interest


def accrue(
    amount: Decimal,
    due_date: date,
    payments: Iterable[Payment],
    day: date,
    terms: LateTerms,
) -> LateCharges:
    """Return fine and interest of an invoice from its due date up to a day.

    They are running totals: what is owed for some of the days is the
    difference of two, so that however often it is asked, each day is charged
    once and the parts add up to the whole.

    :param amount: the principal
    :param payments: (date, amount) of what was paid, in any order; what was
        paid in time lowers the base of the fine, what was paid later only
        the interest of the days after it
    :raise ValueError: a negative amount, payment or rate

    R$ 100,00 due on 10/03/2026; R$ 40,00 paid on 20/03, the rest on 30/03:
    2 % of R$ 100,00; 10 days on R$ 100,00 and 10 days on R$ 60,00.

    >>> terms = LateTerms(Decimal(2), Decimal(1))
    >>> payments = [(date(2026, 3, 20), Decimal(40)), (date(2026, 3, 30), Decimal(60))]
    >>> due = date(2026, 3, 10)
    >>> late = accrue(Decimal(100), due, payments, date(2026, 3, 20), terms)
    >>> late.fine, late.interest
    (Decimal('2.00'), Decimal('0.33'))
    >>> late = accrue(Decimal(100), due, payments, date(2026, 3, 30), terms)
    >>> late.fine, late.interest
    (Decimal('2.00'), Decimal('0.53'))
    >>> [(span.days, span.amount) for span in late.spans]
    [(10, Decimal('100')), (10, Decimal('60'))]
    """
    payments = sorted(payments)
    if amount < 0 or any(paid < 0 for _day, paid in payments):
        raise ValueError("a negative amount or payment")
    late_amount = amount - sum(
        paid for paid_day, paid in payments if not is_late(due_date, paid_day)
    )
    if late_amount <= 0 or not is_late(due_date, day):
        nothing = round_money(Decimal(0), terms.unit)
        return LateCharges(nothing, nothing)
    spans = tuple(_open_spans(late_amount, due_date, payments, day))
    interest = sum(span.amount * span.days for span in spans) * terms.interest_percent
    return LateCharges(
        fine=round_money(late_amount * terms.fine_percent / 100, terms.unit),
        interest=round_money(Decimal(interest) / (100 * DAYS_OF_A_MONTH), terms.unit),
        late_amount=late_amount,
        spans=spans,
    )


def _open_spans(late_amount, due_date, payments, day):
    """Yield what was open on the days after the due date up to a day."""
    paid_late = [
        (paid_day, paid) for paid_day, paid in payments if is_late(due_date, paid_day)
    ]
    marks = sorted({due_date, day, *(d for d, _paid in paid_late if d < day)})
    for before, last_day in pairwise(marks):
        still_open = late_amount - sum(
            paid for paid_day, paid in paid_late if paid_day <= before
        )
        if still_open > 0:
            yield OpenSpan(before + ONE_DAY, last_day, still_open)
