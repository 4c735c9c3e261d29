from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from odoo.exceptions import UserError

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
        # days without service: [first, last], the last None while they go on
        self.rests = []

    def teardown(self):
        self.savepoint.rollback()
        self.savepoint.close(rollback=True)
        self.case.env.invalidate_all()

    def is_active(self):
        return self.contract.lifecycle_state == "active"

    # === WHAT MAY HAPPEN ===

    @initialize(is_sold=st.booleans())
    def begin(self, is_sold):
        """By a confirmed quote, or entered by staff."""
        with freeze_time(self.today):
            if is_sold:
                self.contract = self.case._sell()
            else:
                self.contract = self.case._create_contract(due_day=10)

    @rule(days=st.integers(1, 45))
    def time_passes(self, days):
        self.today += timedelta(days=days)
        contracts = self.case.env["contract.contract"]
        with freeze_time(self.today):
            contracts._cron_follow_suspensions(self.today)
            contracts._cron_follow_closings(self.today)

    @precondition(lambda self: self.contract.lifecycle_state in ("draft", "waiting"))
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
        self.attempt(lambda: self.contract._change_plan(plan, day))

    @precondition(is_active)
    @rule(due_day=st.sampled_from(DUE_DAYS))
    def change_due_day(self, due_day):
        if due_day != self.contract.due_day:
            self.attempt(lambda: self.contract._change_due_day(due_day))

    @precondition(lambda self: self.is_active() and not self.rests)
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

    @precondition(is_active)
    @rule(wait=st.integers(1, 40), days=st.integers(30, 120))
    def suspend(self, wait, days):
        first = self.today + timedelta(days=wait)
        last = first + timedelta(days=days - 1)
        if self.attempt(lambda: self.contract._suspend(first, last)):
            self.rests.append([first, last])

    @precondition(lambda self: self.contract.lifecycle_state == "suspended")
    @rule()
    def return_early(self):
        rest = self.rests[-1]
        if self.attempt(lambda: self.contract._return_from_suspension(self.today)):
            rest[1] = self.today - timedelta(days=1)

    @precondition(lambda self: self.contract.lifecycle_state in ("active", "suspended"))
    @rule(wait=st.sampled_from((0, 0, 12)))
    def close(self, wait):
        last_day = self.today + timedelta(days=wait)
        reason = self.case.env.ref("contract_recurring.terminate_reason_moved")
        was_suspended = self.contract.lifecycle_state == "suspended"
        if self.attempt(lambda: self.contract._close(last_day, reason)):
            if was_suspended:
                self.rests[-1][1] = min(self.rests[-1][1], last_day)
            # a suspension that was to come never does
            self.rests = [rest for rest in self.rests if rest[0] <= last_day]
            self.rests.append([last_day + timedelta(days=1), None])

    @precondition(lambda self: self.is_active() and self.contract.is_closing_planned)
    @rule()
    def stay_after_all(self):
        if self.attempt(self.contract._withdraw_closing):
            self.rests.pop()

    @precondition(lambda self: self.contract.lifecycle_state == "closed")
    @rule(wait=st.integers(1, 30))
    def reactivate(self, wait):
        self.today += timedelta(days=wait)
        if self.attempt(lambda: self.contract._reactivate(self.today)):
            self.rests[-1][1] = self.today - timedelta(days=1)

    @precondition(is_active)
    @rule(number=st.integers(0, 1))
    def change_holder(self, number):
        holder = self.case.holders[number]
        self.attempt(lambda: self.contract._change_holder(holder))

    @precondition(is_active)
    @rule(percent=st.sampled_from((10, 100)), days=st.sampled_from((None, 20, 75)))
    def grant_discount(self, percent, days):
        last = days and self.today + timedelta(days=days)
        self.attempt(
            lambda: self.contract._grant_discount(
                self.today, percent=percent, date_to=last
            )
        )

    @precondition(lambda self: self.is_active() and self.contract.discount_ids)
    @rule()
    def end_discount(self):
        discount = self.contract.discount_ids[-1]
        if discount._is_in_force(self.today):
            self.attempt(lambda: self.contract._end_discount(discount, self.today))

    def attempt(self, step):
        """Return whether a step was taken; a refusal leaves nothing behind."""
        try:
            with freeze_time(self.today), self.case.env.cr.savepoint():
                step()
        except UserError as refusal:
            if type(refusal) is not UserError:
                raise
            self.case.env.invalidate_all()
            return False
        return True

    # === WHAT MUST ALWAYS HOLD ===

    def live_charges(self):
        return self.contract.charge_ids.filtered(lambda c: c.state != "cancelled")

    @invariant()
    def each_day_is_charged_once(self):
        """Charges less credits: one for each day of service, none for a rest."""
        days = {}
        for charge in self.live_charges():
            if charge.contract_line_id.discount_id:
                continue
            step = -1 if charge.kind == "credit" else 1
            first, last = charge.period_start, charge.period_end
            for day in range(first.toordinal(), last.toordinal() + 1):
                days[day] = days.get(day, 0) + step
        charged = {day for day, times in days.items() if times}
        assert set(days.values()) <= {0, 1}, "a day is charged twice or given away"
        if charged:
            first_day = self.contract.date_start.toordinal()
            expected = set(range(first_day, max(charged) + 1)) - self.days_of_rest()
            assert charged == expected, "a gap, or a day without service charged"

    @invariant()
    def discounts_take_off_no_more_than_the_price(self):
        amounts = {}
        for charge in self.live_charges():
            line = charge.contract_line_id
            product = line.discounted_product_id or line.product_id
            amounts[product] = amounts.get(product, 0) + charge.amount
        assert all(round(amount, 2) >= 0 for amount in amounts.values()), amounts

    def days_of_rest(self):
        days = set()
        for first, last in self.rests:
            end = last or self.today + timedelta(days=400)
            days |= set(range(first.toordinal(), end.toordinal() + 1))
        return days

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
        """The changes of MRR in the events make the MRR of the lines, day by day."""
        contract = self.contract
        far = self.today + timedelta(days=400)
        first, last = self.today, far
        if contract.lifecycle_state == "closed":
            first = max(first, contract.terminate_date + timedelta(days=1))
        elif contract.terminate_date:
            last = contract.terminate_date  # the goodbye is told on its day
        for day in {first, far, *contract.event_ids.mapped("effective_date")}:
            if first <= day <= last:
                told = contract._get_told_revenue(day)
                said = contract._get_revenue(day)
                self.case.assertAlmostEqual(told, said, places=2, msg=day)
