import doctest
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import loyalty_penalty as module
from ..tools.loyalty_penalty import loyalty_penalty, months_left

starts = st.dates(date(2020, 1, 1), date(2035, 12, 31))
terms = st.integers(1, 36)
amounts = st.integers(0, 1_000_000).map(lambda n: Decimal(n) / 100)


@tagged("contract_recurring")
class TestLoyaltyPenalty(BaseCase):
    """The penalty falls with each month and is gone at the term's end."""

    def test_examples_of_the_module(self):
        self.assertFalse(doctest.testmod(module).failed)

    def test_penalty_is_rounded_half_up(self):
        # 0.30 × 5 ÷ 12 = 0.125
        self.assertEqual(loyalty_penalty(Decimal("0.30"), 12, 5), Decimal("0.13"))

    def test_impossible_amounts_are_refused(self):
        with self.assertRaises(ValueError):
            loyalty_penalty(Decimal("-1"), 12, 5)
        with self.assertRaises(ValueError):
            loyalty_penalty(Decimal("1"), 12, 13)

    def test_no_term_costs_nothing(self):
        self.assertEqual(loyalty_penalty(Decimal("300"), 0, 0), 0)

    @given(starts, terms, st.integers(-10, 1200))
    def test_months_left_follow_the_calendar(self, start, months, days):
        last_day = start + timedelta(days=days)
        left = months_left(start, months, last_day)
        self.assertTrue(0 <= left <= months)
        if last_day >= start + relativedelta(months=months, days=-1):
            self.assertEqual(left, 0)
        if last_day < start:
            self.assertEqual(left, months)
        used = months - left
        if 0 < used < months:
            self.assertLessEqual(start + relativedelta(months=used - 1), last_day)
            self.assertGreater(start + relativedelta(months=used), last_day)

    @given(amounts, terms)
    def test_penalty_never_grows_and_never_exceeds_the_full_one(self, full, months):
        penalties = [loyalty_penalty(full, months, n) for n in range(months + 1)]
        self.assertEqual(penalties, sorted(penalties))
        self.assertEqual((penalties[0], penalties[-1]), (0, full))
