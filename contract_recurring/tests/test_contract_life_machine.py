from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.tests import tagged

from .common import ContractCase

FIRST_DAY = date(2026, 1, 15)
DUE_DAYS = (1, 10, 29, 31)


class ContractLife(RuleBasedStateMachine):
    """One contract, changed at random over months of frozen time.

    After each step the invariants of the design must hold, whatever came
    before: no gap, no overlap, charges equal invoices, events tell the state.
    """

    case = None  # the running test, with database and helpers

    def __init__(self):
        super().__init__()
        self.savepoint = self.case.env.cr.savepoint()
        self.savepoint.__enter__()
        self.today = FIRST_DAY
        self.contract = self.case._create_contract(due_day=10)

    def teardown(self):
        self.savepoint.rollback()
        self.savepoint.close(rollback=True)
        self.case.env.invalidate_all()

    def is_active(self):
        return self.contract.lifecycle_state == "active"

    # === WHAT MAY HAPPEN ===

    @rule(days=st.integers(1, 45))
    def time_passes(self, days):
        self.today += timedelta(days=days)

    @precondition(lambda self: self.contract.lifecycle_state == "draft")
    @rule()
    def activate(self):
        with freeze_time(self.today):
            self.contract._activate(self.today)

    @precondition(is_active)
    @rule(number=st.integers(0, 2))
    def change_plan(self, number):
        plan = self.case.plans[number]
        if plan == self.contract.contract_template_id:
            return
        day = max(self.today, self.contract.date_start + timedelta(days=1))
        with freeze_time(self.today):
            self.contract._change_plan(plan, day)

    @precondition(is_active)
    @rule(due_day=st.sampled_from(DUE_DAYS))
    def change_due_day(self, due_day):
        if due_day != self.contract.due_day:
            with freeze_time(self.today):
                self.contract._change_due_day(due_day)

    @precondition(is_active)
    @rule(percent=st.sampled_from((-3, 4.56)))
    def adjust_the_price(self, percent):
        """As if the price had been agreed a year ago."""
        self.contract.price_adjusted_on = self.today - timedelta(days=366)
        with freeze_time(self.today):
            adjustment = self.case.env["contract.price.adjustment"].create(
                {"method": "percent", "percent": percent, "notice_days": 0}
            )
            adjustment.action_simulate()
            adjustment.action_confirm()
        assert adjustment.done_count == 1, adjustment.item_ids.mapped("message")

    @precondition(is_active)
    @rule()
    def bill_the_month(self):
        with freeze_time(self.today):
            run = self.case._bill_month(self.today.replace(day=1))
        failures = run.item_ids.filtered(lambda item: item.state == "failed")
        assert not failures, failures.mapped("message")

    # === WHAT MUST ALWAYS HOLD ===

    def live_charges(self):
        return self.contract.charge_ids.filtered(lambda c: c.state != "cancelled")

    @invariant()
    def each_day_is_charged_once(self):
        """Charges less credits: one for each day since activation, no gap."""
        days = {}
        for charge in self.live_charges():
            step = -1 if charge.kind == "credit" else 1
            first, last = charge.period_start, charge.period_end
            for day in range(first.toordinal(), last.toordinal() + 1):
                days[day] = days.get(day, 0) + step
        charged = {day for day, times in days.items() if times}
        assert set(days.values()) <= {0, 1}, "a day is charged twice or given away"
        if charged:
            first_day = self.contract.date_start.toordinal()
            assert charged == set(range(first_day, max(charged) + 1)), "a gap"

    @invariant()
    def charges_equal_invoices(self):
        self.case.assertLedgerIsInvoiced(self.contract)

    @invariant()
    def lines_follow_the_ledger(self):
        for line in self.contract.contract_line_ids:
            before = line.last_date_invoiced
            line._follow_ledger()
            assert line.last_date_invoiced == before

    @invariant()
    def events_tell_the_state(self):
        state = "draft"
        for event in self.contract.event_ids.sorted("id"):
            if event.kind == "lifecycle":
                assert event.from_state == state
                state = event.to_state
        assert state == self.contract.lifecycle_state

    @invariant()
    def revenue_of_events_adds_up(self):
        """The changes of MRR in the events make the MRR of today's lines."""
        if not self.is_active():
            return
        total = sum(self.contract.event_ids.mapped("mrr_change"))
        last_day = max(self.contract.contract_line_ids.mapped("date_start"))
        expected = self.contract._get_monthly_amount(max(self.today, last_day))
        self.case.assertAlmostEqual(total, expected, places=2)


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractLife(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = (
            cls.plan,
            cls._create_plan("Fibra 700", {cls.internet: 129.90}),
            cls._create_plan("Social", {cls.internet: 9.90}),
        )

    def test_any_life_keeps_the_invariants(self):
        ContractLife.case = self
        run_state_machine_as_test(
            ContractLife,
            # the same lives on every run: a landing does not hang on luck
            settings=settings(
                max_examples=15,
                stateful_step_count=12,
                deadline=None,
                derandomize=True,
                database=None,
            ),
        )
