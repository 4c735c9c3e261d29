"""What discounts take off a contract's price over time, as pure values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .day_spans import ONE_DAY
from .proration import CENT, round_money


@dataclass(frozen=True)
class PricedSpan:
    """An amount for each period, from a day on until another, None for ever."""

    start: date
    end: date | None
    amount: Decimal

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


def discount_spans(
    window: tuple[date, date | None],
    prices: Sequence[PricedSpan],
    earlier: Sequence[PricedSpan] = (),
    value: Decimal | None = None,
    percent: Decimal | None = None,
    unit: Decimal = CENT,
) -> list[PricedSpan]:
    """Return what a discount takes off in each span of constant prices.

    It is never more than what earlier discounts leave, so the price does not
    fall below zero. Amounts are rounded half-up.

    :param window: first and last day of the discount, None for no last
    :param prices: what the lines cost, positive
    :param earlier: what discounts given before take off, negative
    :param value: what to take off, or
    :param percent: the share of the prices to take off
    :return: negative amounts; spans in which nothing is taken off are left out

    10 % of R$ 99,90, and from June on of a service of R$ 20,00 too:

    >>> prices = [PricedSpan(date(2026, 4, 10), None, Decimal("99.90")),
    ...           PricedSpan(date(2026, 6, 1), None, Decimal("20.00"))]
    >>> window = date(2026, 5, 10), date(2026, 12, 31)
    >>> for span in discount_spans(window, prices, percent=Decimal(10)):
    ...     print(span.start, span.end, span.amount)
    2026-05-10 2026-05-31 -9.99
    2026-06-01 2026-12-31 -11.99
    """
    found = []
    for start, end in _constant_spans(window, [*prices, *earlier]):
        gross = sum((p.amount for p in prices if p.holds(start)), Decimal(0))
        rest = gross + sum((p.amount for p in earlier if p.holds(start)), Decimal(0))
        wanted = value if percent is None else gross * percent / 100
        amount = -round_money(max(min(wanted, rest), Decimal(0)), unit)
        if found and found[-1].amount == amount and found[-1].end == start - ONE_DAY:
            start = found.pop().start
        if amount:
            found.append(PricedSpan(start, end, amount))
    return found


def _constant_spans(window, spans):
    """Return the parts of a window in which no span begins or ends."""
    first, last = window
    days = {span.start for span in spans}
    days |= {span.end + ONE_DAY for span in spans if span.end}
    inner = {day for day in days if first < day and (last is None or day <= last)}
    cuts = sorted({first} | inner)
    ends = [following - ONE_DAY for _day, following in pairwise(cuts)]
    return list(zip(cuts, [*ends, last], strict=True))
