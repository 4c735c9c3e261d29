import doctest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bank_calendar, dunning, reminder_days
from ..tools.dunning import (
    DebtFacts,
    Step,
    find_disorder,
    get_due_steps,
    get_hold,
    get_timeline,
    take,
)

DUE = date(2026, 3, 10)
POLICY = (
    Step("before", "reminder", 0, offsets=(5, 0, -5)),
    Step("notice", "notice", 3),
    Step("reduce", "reduce", 15, "notice"),
    Step("block", "block", 20, "notice"),
    Step("warning", "termination_notice", 30, "block"),
    Step("cancel", "cancel", 60, "block"),
)
ONE_DAY = timedelta(1)


def due_on(day, facts=None, steps=POLICY):
    facts = facts or DebtFacts(DUE, DUE)
    return [(due.step.kind, due.offset) for due in get_due_steps(facts, steps, day)]


@tagged("post_install", "-at_install")
class TestDunningRules(BaseCase):
    def test_examples(self):
        for module in (dunning, reminder_days, bank_calendar):
            self.assertFalse(doctest.testmod(module).failed)

    def test_reminders_come_on_the_manual_s_days(self):
        self.assertEqual(due_on(date(2026, 3, 4)), [])
        self.assertEqual(due_on(date(2026, 3, 5)), [("reminder", 5)])
        self.assertEqual(due_on(date(2026, 3, 10)), [("reminder", 0)])

    def test_missed_reminder_is_sent_within_its_grace_and_never_past_the_due_date(self):
        self.assertEqual(due_on(date(2026, 3, 7)), [("reminder", 5)])
        self.assertEqual(due_on(date(2026, 3, 8)), [])
        one_day = (Step(1, "reminder", 0, offsets=(1,)),)
        self.assertEqual(due_on(date(2026, 3, 9), steps=one_day), [("reminder", 1)])
        self.assertEqual(due_on(date(2026, 3, 10), steps=one_day), [])

    def test_due_date_on_a_holiday_is_overdue_after_the_next_bank_day(self):
        # Saturday 10/10/2026; Monday 12/10 is a holiday
        facts = DebtFacts(date(2026, 10, 10), date(2026, 10, 13))
        steps = (Step("notice", "notice", 1),)
        self.assertEqual(due_on(date(2026, 10, 13), facts, steps), [])
        self.assertEqual(due_on(date(2026, 10, 14), facts, steps), [("notice", 0)])

    def test_whole_ladder_of_a_debt_nobody_pays(self):
        """By hand: due 10/03, notice 13/03, +15 = 28/03, +20 = 02/04; +30 = 02/05,
        +60 = 01/06."""
        days = [(d.isoformat(), s.kind) for d, s, _o in get_timeline(DUE, DUE, POLICY)]
        self.assertEqual(
            days,
            [
                ("2026-03-05", "reminder"),
                ("2026-03-10", "reminder"),
                ("2026-03-13", "notice"),
                ("2026-03-15", "reminder"),
                ("2026-03-28", "reduce"),
                ("2026-04-02", "block"),
                ("2026-05-02", "termination_notice"),
                ("2026-06-01", "cancel"),
            ],
        )

    def test_block_without_a_proven_notice_is_held(self):
        facts = DebtFacts(DUE, DUE, taken=frozenset({("notice", 0), ("reduce", 0)}))
        (due,) = get_due_steps(facts, POLICY, date(2026, 4, 2))
        self.assertEqual((due.step.kind, due.hold), ("block", "no_notice"))

    def test_late_proof_moves_the_block(self):
        """Proven ten days after it was planned: 23/03 + 20 = 12/04."""
        facts = DebtFacts(DUE, DUE, noticed_on=date(2026, 3, 23))
        self.assertNotIn(("block", 0), due_on(date(2026, 4, 11), facts))
        self.assertIn(("block", 0), due_on(date(2026, 4, 12), facts))

    def test_promise_keeps_every_hard_step_back(self):
        facts = DebtFacts(
            DUE, DUE, noticed_on=date(2026, 3, 13), held_back_until=date(2026, 4, 5)
        )
        self.assertEqual(due_on(date(2026, 4, 5), facts), [("notice", 0)])
        self.assertIn(("block", 0), due_on(date(2026, 4, 6), facts))

    def test_the_end_counts_from_the_present_block(self):
        facts = DebtFacts(
            DUE, DUE, blocked_on=date(2026, 4, 13), warned_on=date(2026, 5, 13)
        )
        self.assertEqual(
            get_hold("cancel", facts, date(2026, 6, 11)), "block_too_recent"
        )
        self.assertIsNone(get_hold("cancel", facts, date(2026, 6, 12)))

    def test_newer_invoice_of_a_blocked_contract_has_its_own_ladder(self):
        """Blocked on 01/02 for an older one; this one is due on 10/03."""
        facts = DebtFacts(DUE, DUE, blocked_on=date(2026, 2, 1))
        self.assertEqual(due_on(date(2026, 3, 13), facts), [("notice", 0)])

    def test_contract_never_restricted_by_itself_is_only_told(self):
        facts = DebtFacts(DUE, DUE, noticed_on=date(2026, 3, 13), is_auto_block=False)
        kinds = {kind for kind, _offset in due_on(date(2026, 6, 1), facts)}
        self.assertEqual(kinds, {"notice"})

    def test_tolerance_of_the_contract_comes_on_top(self):
        facts = DebtFacts(
            DUE, DUE, noticed_on=date(2026, 3, 13), block_tolerance_days=40
        )
        self.assertNotIn(("block", 0), due_on(date(2026, 4, 18), facts))
        self.assertIn(("block", 0), due_on(date(2026, 4, 19), facts))

    def test_policies_out_of_order_are_found(self):
        notice = Step(1, "notice", 1)
        block = Step(2, "block", 15, "notice")
        self.assertEqual(find_disorder((block, notice)), (2, "no_notice"))
        self.assertEqual(
            find_disorder((notice, block._replace(days=14))), (2, "too_early")
        )
        self.assertEqual(
            find_disorder((notice, Step(2, "block", 15, "due"))), (2, "too_early")
        )
        warning = Step(3, "termination_notice", 30, "block")
        cancel = Step(4, "cancel", 60, "block")
        self.assertIsNone(find_disorder((notice, block, warning, cancel)))
        self.assertEqual(find_disorder((notice, block, cancel)), (4, "no_warning"))
        self.assertEqual(
            find_disorder((notice, block, warning, cancel._replace(days=59))),
            (4, "too_early"),
        )
        self.assertEqual(
            find_disorder((notice, block, Step(5, "block_warning", 10, "notice"))),
            (5, "out_of_order"),
        )

    def test_leap_day(self):
        """29/02/2028 is a Tuesday: noticed 01/03, blocked 16/03."""
        steps = (Step(1, "notice", 1), Step(2, "block", 15, "notice"))
        leap = date(2028, 2, 29)
        days = [day.isoformat() for day, _s, _o in get_timeline(leap, leap, steps)]
        self.assertEqual(days, ["2028-03-01", "2028-03-16"])

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(
                    ("notice", "reduce", "block", "termination_notice", "cancel")
                ),
                st.sampled_from(("due", "notice", "block")),
                st.integers(0, 80),
            ),
            min_size=1,
            max_size=7,
        ),
        st.lists(st.booleans(), min_size=10, max_size=10),
        st.integers(0, 20),
    )
    def test_no_policy_breaks_the_floor(self, drawn, proofs, promise):
        """Whatever a policy says, whichever notices are proven: never a block
        before 15 days from a proven notice, never an end before 60 from it."""
        steps = tuple(Step(n, *row[:1], row[2], row[1]) for n, row in enumerate(drawn))
        facts = DebtFacts(DUE, DUE, held_back_until=DUE + timedelta(promise))
        proven = iter(proofs * 20)
        for offset in range(200):
            day = DUE + timedelta(offset)
            for due in get_due_steps(facts, steps, day):
                if due.hold:
                    continue
                kind = due.step.kind
                if kind in ("reduce", "block"):
                    self.assertGreaterEqual(day, facts.noticed_on + timedelta(15))
                    self.assertGreater(day, facts.held_back_until)
                if kind == "cancel":
                    self.assertGreaterEqual(day, facts.blocked_on + timedelta(60))
                    self.assertLess(facts.warned_on, day)
                is_told = kind not in ("notice", "termination_notice") or next(proven)
                after = take(facts, due, day)
                facts = after if is_told else facts._replace(taken=after.taken)
            self.assertEqual(
                [
                    due
                    for due in get_due_steps(facts, steps, day)
                    if not due.hold and (due.step.key, due.offset) in facts.taken
                ],
                [],
            )
