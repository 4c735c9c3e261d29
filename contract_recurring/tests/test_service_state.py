import doctest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bank_calendar, trust_unlock
from ..tools import service_state as module
from ..tools.bank_calendar import last_bank_day_before, next_bank_day
from ..tools.service_state import (
    LEVELS,
    Override,
    Restriction,
    ServiceFacts,
    service_state,
)

DAY = date(2026, 5, 20)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
levels = st.sampled_from(["reduced", "blocked"])
restrictions = st.lists(st.builds(Restriction, levels, days), max_size=4).map(tuple)
facts = st.builds(
    ServiceFacts,
    lifecycle=st.sampled_from(["active", "suspended", "closed"]),
    restrictions=restrictions,
    manual=st.none() | st.builds(Override, levels, days),
    block_exempt_until=st.none() | days,
    trust_unlocked_until=st.none() | days,
    auto_block=st.booleans(),
)


def rank(service):
    """Return how little service there is: the higher, the worse."""
    return LEVELS.index(service.state)


@tagged("contract_recurring")
class TestServiceState(BaseCase):
    """The service of a day follows from the facts alone."""

    def test_examples_of_the_modules(self):
        for tested in (module, trust_unlock, bank_calendar):
            self.assertFalse(doctest.testmod(tested).failed)

    def test_only_an_active_contract_has_service(self):
        for lifecycle in ("draft", "waiting", "closed", "deactivated"):
            service = service_state(ServiceFacts(lifecycle), DAY)
            self.assertEqual(service[:3], ("none", None, "not_active"))
        service = service_state(ServiceFacts("suspended"), DAY)
        self.assertEqual(service[:3], ("none", None, "suspended"))

    def test_the_strongest_restriction_counts(self):
        owed = (Restriction("reduced", DAY), Restriction("blocked", DAY))
        service = service_state(ServiceFacts("active", owed), DAY)
        self.assertEqual(service[:3], ("blocked", "automatic", "overdue"))

    def test_a_person_decides_over_what_is_overdue(self):
        manual = Override("reduced", DAY, "asked for it")
        owed = (Restriction("blocked", DAY),)
        service = service_state(ServiceFacts("active", owed, manual), DAY)
        self.assertEqual(service[:3], ("reduced", "manual", "manual"))

    def test_windows_do_not_lift_what_a_person_decided(self):
        manual = Override("blocked", DAY, "abuse")
        held = ServiceFacts(
            "active",
            manual=manual,
            block_exempt_until=DAY + timedelta(days=9),
            trust_unlocked_until=DAY + timedelta(days=9),
            auto_block=False,
        )
        self.assertEqual(service_state(held, DAY)[:2], ("blocked", "manual"))

    def test_the_last_day_of_a_bonus_is_included(self):
        owed = (Restriction("blocked", date(2026, 5, 1)),)
        held = ServiceFacts("active", owed, block_exempt_until=DAY)
        self.assertEqual(service_state(held, DAY), ("full", None, "bonus", DAY))
        after = service_state(held, DAY + timedelta(days=1))
        self.assertEqual(after, ("blocked", "automatic", "overdue", None))

    def test_without_automatic_blocking_nothing_is_restricted(self):
        owed = (Restriction("blocked", DAY),)
        service = service_state(ServiceFacts("active", owed, auto_block=False), DAY)
        self.assertEqual(service[:3], ("full", None, "no_auto_block"))

    def test_impossible_level_is_refused(self):
        with self.assertRaises(ValueError):
            service_state(ServiceFacts("active", (Restriction("none", DAY),)), DAY)

    @given(facts, days)
    def test_lifting_a_restriction_never_worsens(self, given_facts, day):
        before = rank(service_state(given_facts, day))
        for index in range(len(given_facts.restrictions)):
            left = (
                given_facts.restrictions[:index] + given_facts.restrictions[index + 1 :]
            )
            after = service_state(given_facts._replace(restrictions=left), day)
            self.assertLessEqual(rank(after), before)

    @given(facts, days)
    def test_lifting_a_manual_block_never_worsens(self, given_facts, day):
        blocked = given_facts._replace(manual=Override("blocked", day))
        lifted = given_facts._replace(manual=None)
        self.assertLessEqual(
            rank(service_state(lifted, day)), rank(service_state(blocked, day))
        )

    @given(facts, days, days)
    def test_a_longer_window_never_worsens(self, given_facts, day, until):
        before = rank(service_state(given_facts, day))
        for name in ("block_exempt_until", "trust_unlocked_until"):
            longer = max(until, getattr(given_facts, name) or until)
            after = service_state(given_facts._replace(**{name: longer}), day)
            self.assertLessEqual(rank(after), before)

    @given(facts, days)
    def test_paying_everything_restores_unless_a_person_restricted(self, owed, day):
        paid = owed._replace(lifecycle="active", restrictions=(), manual=None)
        self.assertEqual(service_state(paid, day).state, "full")

    @given(facts, days)
    def test_a_window_ends_by_time_on_the_day_it_says(self, given_facts, day):
        service = service_state(given_facts, day)
        last = service.until or date(2027, 1, 31)
        self.assertGreaterEqual(last, day)
        for ahead in range((last - day).days + 1):
            later = service_state(given_facts, day + timedelta(days=ahead))
            self.assertEqual(later[:3], service[:3])
        if service.until:
            after = service_state(given_facts, service.until + timedelta(days=1))
            self.assertNotEqual(after[:3], service[:3])

    @given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-20, 20))
    def test_overdue_is_what_the_next_bank_day_lies_before(self, day, days_apart):
        due_date = day + timedelta(days=days_apart)
        self.assertEqual(
            due_date <= last_bank_day_before(day), next_bank_day(due_date) < day
        )
