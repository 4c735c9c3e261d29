"""What discounts take off a contract's prices over time, as pure values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .day_spans import ONE_DAY
from .proration import CENT, round_money, share


@dataclass(frozen=True)
class PricedSpan:
    """An amount for each period, from a day on until another, None for ever.

    :param product: what it is the price of, or what is discounted
    """

    start: date
    end: date | None
    amount: Decimal
    product: int | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Discount:
    """A value or a share of the prices to take off between two days."""

    start: date
    end: date | None = None
    value: Decimal | None = None
    percent: Decimal | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def wanted(self, gross: Decimal) -> Decimal:
        """Return what is to be taken off prices of that sum."""
        return self.value if self.percent is None else gross * self.percent / 100


def discount_spans(
    discount: Discount,
    prices: Sequence[PricedSpan],
    earlier: Sequence[Discount] = (),
    unit: Decimal = CENT,
) -> list[PricedSpan]:
    """Return what a discount takes off each price, in spans of constant prices.

    It is never more than what earlier discounts leave, so no price falls
    below zero. The whole is rounded half-up and shared among the prices: a
    discount of 100 % takes off exactly what each one costs, on any days.

    :param prices: what the lines cost, positive
    :param earlier: the discounts given before, which come first
    :return: negative amounts; spans in which nothing is taken off are left out

    10 % of R$ 99,90, and from June on of a service of R$ 20,00 too:

    >>> prices = [PricedSpan(date(2026, 4, 10), None, Decimal("99.90"), 1),
    ...           PricedSpan(date(2026, 6, 1), None, Decimal("20.00"), 2)]
    >>> ten = Discount(date(2026, 5, 10), date(2026, 12, 31), percent=Decimal(10))
    >>> for span in discount_spans(ten, prices):
    ...     print(span.start, span.end, span.amount, span.product)
    2026-05-10 2026-12-31 -9.99 1
    2026-06-01 2026-12-31 -2.00 2

    After another of R$ 110,00, no more than R$ 9,90 are left:

    >>> first = Discount(date(2026, 6, 1), value=Decimal(110))
    >>> for span in discount_spans(replace(ten, start=date(2026, 6, 1)), prices,
    ...                            [first]):
    ...     print(span.amount, span.product)
    -8.25 1
    -1.65 2
    """
    found = []
    for start, end in _constant_spans(discount, [*prices, *earlier]):
        held = [price for price in prices if price.holds(start)]
        rest = [price.amount for price in held]
        for other in earlier:
            if other.holds(start):
                shares = _shares(other, held, rest, unit)
                rest = [left - share for left, share in zip(rest, shares, strict=True)]
        shares = _shares(discount, held, rest, unit)
        found += [
            PricedSpan(start, end, -share, price.product)
            for price, share in zip(held, shares, strict=True)
            if share
        ]
    return join_spans(found)


def _shares(discount, prices, rest, unit):
    """Return what a discount takes off each of the prices of a day, never more than
    what is left of it."""
    left = sum(rest, Decimal(0))
    gross = sum((price.amount for price in prices), Decimal(0))
    wanted = max(min(discount.wanted(gross), left), Decimal(0))
    if not wanted:
        return [Decimal(0)] * len(rest)
    return share(round_money(wanted, unit), rest, unit)


def join_spans(spans: Sequence[PricedSpan]) -> list[PricedSpan]:
    """Return spans with those joined that follow one another at one amount.

    >>> ten = PricedSpan(date(2026, 5, 1), date(2026, 5, 31), Decimal(10))
    >>> june = PricedSpan(date(2026, 6, 1), None, Decimal(10))
    >>> [(str(span.start), span.end) for span in join_spans([june, ten])]
    [('2026-05-01', None)]
    """
    joined = []
    for span in sorted(spans, key=_order):
        for i, before in enumerate(joined):
            if (
                before.end == span.start - ONE_DAY
                and before.amount == span.amount
                and before.product == span.product
            ):
                joined[i] = replace(before, end=span.end)
                break
        else:
            joined.append(span)
    return joined


def _order(span):
    return span.start, span.product or 0, span.amount, span.end or date.max


def _constant_spans(window, spans):
    """Return the parts of a window in which no span begins or ends."""
    first, last = window.start, window.end
    days = {span.start for span in spans}
    days |= {span.end + ONE_DAY for span in spans if span.end}
    inner = {day for day in days if first < day and (last is None or day <= last)}
    cuts = sorted({first} | inner)
    ends = [following - ONE_DAY for _day, following in pairwise(cuts)]
    return list(zip(cuts, [*ends, last], strict=True))
