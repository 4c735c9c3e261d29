import doctest
import re
from datetime import date, timedelta
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import (
    bank_calendar,
    billing_calendar,
    due_days,
    proration,
    recurring_charge,
)
from ..tools.billing_calendar import BillingCalendar
from ..tools.proration import prorate
from ..tools.recurring_charge import LineTerms, charges_due, period_charges

# How fast the machine is says nothing about the rules.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

ONE_DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
days_of_month = st.integers(1, 31)
cents = st.integers(-1_000_000, 1_000_000).map(lambda n: Decimal(n) / 100)
prices = st.integers(0, 1_000_000).map(lambda n: Decimal(n) / 100)
references = st.sampled_from(["past", "present", "future"])
units = st.sampled_from(
    [("days", 1), ("days", 10), ("weeks", 1), ("weeks", 2)]
    + [("months", n) for n in (1, 2, 3, 6, 12, 24)]
)


@st.composite
def calendars(draw):
    unit, interval = draw(units)
    return BillingCalendar(
        draw(days),
        unit=unit,
        interval=interval,
        anchor_day=draw(days_of_month),
        due_day=draw(days_of_month),
        reference=draw(references),
        move_due_date=draw(st.sampled_from([None, bank_calendar.next_bank_day])),
    )


@tagged("contract_recurring")
class TestBillingCalendar(BaseCase):
    """Periods touch, keep their anchor, and their parts add up."""

    def test_worked_examples(self):
        for module in (
            bank_calendar,
            billing_calendar,
            due_days,
            proration,
            recurring_charge,
        ):
            results = doctest.testmod(module)
            self.assertTrue(results.attempted, f"{module.__name__} has no examples")
            self.assertFalse(results.failed, module.__name__)

    @given(calendars())
    def test_periods_touch_from_the_origin_on(self, calendar):
        periods = list(islice(calendar.periods(), 30))
        self.assertEqual(periods[0].start, calendar.origin)
        for before, after in pairwise(periods):
            self.assertEqual(after.start, before.end + ONE_DAY)
            self.assertTrue(after.is_full)
        for period in periods:
            self.assertLessEqual(period.full_start, period.start)
            self.assertLessEqual(period.start, period.end)

    @given(calendars())
    def test_due_dates_never_go_back_nor_precede_the_origin(self, calendar):
        due_dates = [p.due_date for p in islice(calendar.periods(), 30)]
        self.assertEqual(due_dates, sorted(due_dates))
        self.assertGreaterEqual(due_dates[0], calendar.origin)

    @given(calendars(), st.integers(0, 4000))
    def test_a_day_lies_in_its_period(self, calendar, offset):
        day = calendar.origin + timedelta(days=offset)
        period = calendar.period(calendar.index_of(day))
        self.assertLessEqual(period.start, day)
        self.assertLessEqual(day, period.end)

    @given(st.integers(28, 31), st.integers(1, 36))
    def test_anchor_returns_after_short_months(self, day, months):
        calendar = BillingCalendar(date(2026, 1, day), anchor_day=day, due_day=day)
        start = calendar.full_start(months)
        last = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY
        self.assertEqual(start.day, min(day, last.day))

    def test_29_february_returns_every_leap_year(self):
        calendar = BillingCalendar(
            date(2024, 2, 29), interval=12, anchor_day=29, due_day=29
        )
        starts = [str(calendar.full_start(n)) for n in range(5)]
        self.assertEqual(
            starts,
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
        )

    def test_reference_period_moves_the_period_against_the_due_date(self):
        """Due on 10/05 with periods of the calendar month: April if billed
        after use (past), May (present), June if billed ahead (future)."""
        expected = {
            "past": (date(2026, 4, 1), date(2026, 4, 30)),
            "present": (date(2026, 5, 1), date(2026, 5, 31)),
            "future": (date(2026, 6, 1), date(2026, 6, 30)),
        }
        for reference, bounds in expected.items():
            calendar = BillingCalendar(
                date(2026, 1, 1), anchor_day=1, due_day=10, reference=reference
            )
            due = {p.due_date: p for p in islice(calendar.periods(), 12) if p.index > 2}
            period = due[date(2026, 5, 10)]
            self.assertEqual((period.start, period.end), bounds, reference)

    def test_billing_goes_on_where_another_calendar_ended(self):
        """Billed ahead (future) and charged until 31/05: June was due in May,
        and no month goes without a due date."""
        calendar = BillingCalendar(
            date(2026, 6, 1),
            anchor_day=1,
            due_day=10,
            reference="future",
            not_due_before=date(2026, 1, 1),
        )
        due_dates = [str(p.due_date) for p in islice(calendar.periods(), 3)]
        self.assertEqual(due_dates, ["2026-05-10", "2026-06-10", "2026-07-10"])

    def test_due_date_leaves_a_bank_holiday(self):
        """10/10/2026 is a Saturday, 12/10 a national holiday."""
        calendar = BillingCalendar(
            date(2026, 10, 10),
            anchor_day=10,
            due_day=10,
            move_due_date=bank_calendar.next_bank_day,
        )
        self.assertEqual(calendar.period(0).due_date, date(2026, 10, 13))
        self.assertEqual(calendar.period(1).due_date, date(2026, 11, 10))

    def test_bank_holidays_of_2026(self):
        """The ANBIMA list for 2026, and the last business day of the year."""
        published = {
            (1, 1),
            (2, 16),
            (2, 17),
            (4, 3),
            (4, 21),
            (5, 1),
            (6, 4),
            (9, 7),
            (10, 12),
            (11, 2),
            (11, 15),
            (11, 20),
            (12, 25),
            (12, 31),
        }
        holidays = {(day.month, day.day) for day in bank_calendar.bank_holidays(2026)}
        self.assertEqual(holidays, published)

    def test_bank_holidays_agree_with_anbima(self):
        """ANBIMA's list, as `bizdays` carries it, leaves out only the last
        business day of the year; the law of 20 November counts since 2024."""
        folder = Path(find_spec("bizdays").origin).parent  # no import: it loads pandas
        published = {
            date.fromisoformat(line.strip())
            for line in (folder / "ANBIMA.cal").read_text().splitlines()
            if re.fullmatch(r"\d{4}-\d\d-\d\d", line.strip())
        }
        for year in range(2024, 2074):
            ours = {
                day
                for day in bank_calendar.bank_holidays(year)
                if (day.month, day.day) not in ((12, 29), (12, 30), (12, 31))
            }
            theirs = {day for day in published if day.year == year}
            self.assertEqual(ours, theirs, year)

    def test_impossible_calendars_are_refused(self):
        for wrong in (
            {"due_day": 32},
            {"anchor_day": 0},
            {"interval": 0},
            {"unit": "fortnights"},
            {"reference": "never"},
        ):
            with self.assertRaises(ValueError):
                BillingCalendar(date(2026, 1, 1), **wrong)


@tagged("contract_recurring")
class TestProration(BaseCase):
    @given(cents, days, st.integers(1, 400), st.lists(st.integers(0, 400), max_size=8))
    def test_parts_add_up_to_the_whole(self, amount, start, length, cuts):
        """However a period is cut, nothing is lost or invented."""
        end = start + timedelta(days=length - 1)
        firsts = sorted({0, *(cut for cut in cuts if cut < length)})
        lasts = [first - 1 for first in firsts[1:]] + [length - 1]
        parts = [
            prorate(
                amount,
                start,
                end,
                start + timedelta(days=first),
                start + timedelta(days=last),
            )
            for first, last in zip(firsts, lasts, strict=True)
        ]
        self.assertEqual(sum(parts), amount)

    @given(cents, days, st.integers(1, 400), st.data())
    def test_a_part_is_within_a_cent_of_its_exact_share(
        self, amount, start, length, data
    ):
        first = data.draw(st.integers(0, length - 1))
        last = data.draw(st.integers(first, length - 1))
        part = prorate(
            amount,
            start,
            start + timedelta(days=length - 1),
            start + timedelta(days=first),
            start + timedelta(days=last),
        )
        exact = amount * (last - first + 1) / length
        self.assertLessEqual(abs(part - exact), Decimal("0.01"))

    def test_days_outside_the_period_are_refused(self):
        april = date(2026, 4, 1), date(2026, 4, 30)
        with self.assertRaises(ValueError):
            prorate(Decimal(10), *april, date(2026, 3, 31), date(2026, 4, 2))
        with self.assertRaises(ValueError):
            prorate(Decimal(10), *april, date(2026, 4, 3), date(2026, 4, 2))


@tagged("contract_recurring")
class TestPeriodCharges(BaseCase):
    """What lines are charged over months, whatever changes in between."""

    @given(calendars(), prices, days, st.integers(0, 800))
    def test_a_line_is_charged_for_each_of_its_days_once(
        self, calendar, price, line_start, length
    ):
        line_end = line_start + timedelta(days=length)
        terms = LineTerms(Decimal(1), price, line_start, line_end)
        charges = list(period_charges(calendar, terms))
        first = max(line_start, calendar.origin)
        if line_end < first:
            self.assertFalse(charges)
            return
        self.assertEqual(charges[0].start, first)
        self.assertEqual(charges[-1].end, line_end)
        for before, after in pairwise(charges):
            self.assertEqual(after.start, before.end + ONE_DAY)
        for charge in charges[1:-1]:
            self.assertEqual(charge.amount, price)

    @given(calendars(), prices, st.integers(0, 500), st.integers(0, 500))
    def test_change_of_plan_leaves_no_gap_and_no_overlap(
        self, calendar, price, until, due_offset
    ):
        """The old line ends the day before the new one begins; in the period of
        the change both pay their days, and together the same price pays once."""
        change = calendar.origin + timedelta(days=until + 1)
        old = LineTerms(Decimal(1), price, calendar.origin, change - ONE_DAY)
        new = LineTerms(Decimal(1), price, change)
        last = next(
            c for c in period_charges(calendar, new) if c.end > change + ONE_DAY
        )
        together = list(period_charges(calendar, old))
        for charge in period_charges(calendar, new):
            together.append(charge)
            if charge == last:
                break
        for before, after in pairwise(together):
            self.assertEqual(after.start, before.end + ONE_DAY)
        by_period = {}
        for charge in together:
            by_period.setdefault(charge.period.index, []).append(charge.amount)
        for index, parts in by_period.items():
            if calendar.period(index).is_full:
                self.assertEqual(sum(parts), price)

    @settings(max_examples=200)
    @given(
        days,
        prices,
        st.lists(st.tuples(days_of_month, st.integers(1, 150)), min_size=1, max_size=5),
    )
    def test_changes_of_due_day_leave_no_gap_and_no_overlap(
        self, origin, price, changes
    ):
        """Each change starts a calendar the day after the last charged one."""
        charged_until, billed = None, []
        calendar_origin = origin
        for due_day, wait in changes:
            calendar = BillingCalendar(
                calendar_origin, anchor_day=due_day, due_day=due_day
            )
            terms = LineTerms(Decimal(1), price, origin, charged_until=charged_until)
            due = charges_due(calendar, terms, calendar_origin + timedelta(days=wait))
            billed += due
            charged_until = billed[-1].end if billed else None
            calendar_origin = charged_until + ONE_DAY if billed else calendar_origin
        if billed:
            self.assertEqual(billed[0].start, origin)
        for before, after in pairwise(billed):
            self.assertEqual(after.start, before.end + ONE_DAY)

    def test_a_second_look_charges_nothing_again(self):
        calendar = BillingCalendar(date(2026, 3, 17), anchor_day=10, due_day=10)
        terms = LineTerms(Decimal(1), Decimal("99.90"), date(2026, 3, 17))
        first = charges_due(calendar, terms, date(2026, 4, 30))
        self.assertEqual(sum(c.amount for c in first), Decimal("177.24"))
        again = LineTerms(
            terms.quantity, terms.price_unit, terms.start, charged_until=first[-1].end
        )
        self.assertFalse(charges_due(calendar, again, date(2026, 4, 30)))

    def test_a_line_added_within_a_billed_period_is_due_with_the_next(self):
        """Added on 20/04 to the period 10/04-09/05, which was due on 10/04."""
        calendar = BillingCalendar(date(2026, 3, 10), anchor_day=10, due_day=10)
        terms = LineTerms(Decimal(1), Decimal("30.00"), date(2026, 4, 20))
        charge, after = islice(period_charges(calendar, terms), 2)
        self.assertEqual(charge.days, 20)
        self.assertEqual(charge.amount, Decimal("20.00"))
        self.assertEqual(charge.due_date, date(2026, 5, 10))
        self.assertEqual(after.due_date, date(2026, 5, 10))
