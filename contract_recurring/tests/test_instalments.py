import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import instalments
from ..tools.bank_calendar import next_bank_day
from ..tools.instalments import (
    MAX_INSTALMENTS,
    BadPlan,
    Terms,
    due_dates,
    equal_parts,
    plan,
)
from ..tools.proration import share

DAY = date(2026, 3, 25)
cents = st.integers(1, 10_000_000).map(lambda n: Decimal(n) / 100)
counts = st.integers(1, MAX_INSTALMENTS)
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@tagged("contract_recurring", "post_install", "-at_install")
class TestInstalments(BaseCase):
    """Amounts add up to the cent, dates are anchored, bad terms are named."""

    def test_examples_in_the_docstrings(self):
        results = doctest.testmod(instalments)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)

    @given(cents, counts)
    def test_parts_add_up_and_differ_by_a_cent_at_most(self, total, count):
        parts = equal_parts(total, count)
        self.assertEqual(sum(parts), total)
        self.assertEqual(len(parts), count)
        self.assertLessEqual(max(parts) - min(parts), Decimal("0.01"))
        self.assertEqual(parts, sorted(parts, reverse=True))

    @given(cents, st.lists(cents, min_size=1, max_size=20))
    def test_shares_add_up_and_none_is_negative(self, amount, weights):
        shares = share(amount, weights)
        self.assertEqual(sum(shares), amount)
        self.assertGreaterEqual(min(shares), 0)

    @given(days, st.integers(1, 60), st.integers(1, 12))
    def test_dates_keep_their_day_where_the_month_has_it(self, first, count, months):
        dues = due_dates(first, count, months)
        for number, due in enumerate(dues):
            month = first.year * 12 + first.month - 1 + number * months
            self.assertEqual(due.year * 12 + due.month - 1, month)
            self.assertLessEqual(due.day, first.day)
            if due.day < first.day:
                self.assertNotEqual((due.replace(day=due.day)).month, first.day)
                self.assertGreaterEqual(due.day, 28)

    @given(cents, counts, st.integers(0, 100), st.integers(0, 100), days)
    def test_plan_adds_up_whatever_the_terms(self, total, count, entry, late, first):
        terms = Terms(
            count,
            first,
            entry=(total * entry / 100).quantize(Decimal("0.01")),
            entry_due=first,
        )
        surcharge = (total * late / 100).quantize(Decimal("0.01"))
        try:
            parts = plan(total, surcharge, terms, first, next_bank_day)
        except BadPlan:
            self.assertTrue(total - terms.entry < Decimal("0.01") * count)
            return
        self.assertEqual(sum(part.amount for part in parts), total)
        self.assertEqual(sum(part.surcharge for part in parts), surcharge)
        self.assertTrue(all(part.amount > 0 for part in parts))
        self.assertEqual(len(parts), count + bool(terms.entry))
        dues = [part.due_date for part in parts]
        self.assertEqual(dues, sorted(dues))
        self.assertTrue(all(due == next_bank_day(due) for due in dues))

    def test_the_31st_comes_back_after_february(self):
        self.assertEqual(
            due_dates(date(2026, 1, 31), 3),
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)],
        )

    def test_a_due_date_on_a_holiday_moves_and_the_next_does_not(self):
        # 10/10/2026 is a Saturday, Monday the 12th a holiday
        terms = Terms(2, date(2026, 10, 10))
        parts = plan(Decimal(10), Decimal(0), terms, DAY, next_bank_day)
        self.assertEqual(
            [part.due_date for part in parts], [date(2026, 10, 13), date(2026, 11, 10)]
        )

    def test_bad_terms_are_named(self):
        first = date(2026, 4, 10)
        entry = {"entry_due": DAY}
        cases = {
            "no_debt": (Decimal(0), Terms(1, first)),
            "no_instalments": (Decimal(10), Terms(0, first)),
            "too_many": (Decimal(1000), Terms(121, first)),
            "no_interval": (Decimal(10), Terms(2, first, months=0)),
            "bad_discount": (
                Decimal(10),
                Terms(1, first, discount_percent=Decimal(101)),
            ),
            "bad_entry": (Decimal(10), Terms(1, first, entry=Decimal(-1), **entry)),
            "entry_too_large": (
                Decimal(10),
                Terms(1, first, entry=Decimal(10), **entry),
            ),
            "past_entry": (
                Decimal(10),
                Terms(1, first, entry=Decimal(1), entry_due=date(2026, 3, 24)),
            ),
            "past_due_date": (Decimal(10), Terms(1, date(2026, 3, 24))),
            "entry_after_first": (
                Decimal(10),
                Terms(1, DAY, entry=Decimal(1), entry_due=first),
            ),
            "too_small": (Decimal("0.02"), Terms(3, first)),
        }
        for code, (total, terms) in cases.items():
            with self.subTest(code=code), self.assertRaises(BadPlan) as caught:
                plan(total, Decimal(0), terms, DAY)
            self.assertEqual(caught.exception.code, code)
