from datetime import timedelta

from freezegun import freeze_time
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from ..const import CREDIT_KINDS, PERIOD_KINDS
from .contract_life import FIRST_DAY, ContractLife

TERMS = {
    "reference_period": ("present", "present", "past", "future"),
    "period_anchor": ("due_day", "due_day", "month", "start"),
    "recurring_interval": (1, 1, 1, 3),
}


class WideContractLife(ContractLife):
    """Lives with all that an office does to a contract and its invoices.

    Billed before or after use, by the month or the quarter; prices announced, periods
    billed ahead, days exempt or given back, invoices paid, written anew or merged.
    """

    @initialize(
        is_sold=st.booleans(),
        due_day=st.sampled_from((1, 10, 29, 31)),
        **{name: st.sampled_from(values) for name, values in TERMS.items()},
    )
    def begin(self, is_sold, due_day, **terms):
        with freeze_time(self.today):
            self.contract = self.case._create_contract(due_day=due_day, **terms)

    def attempt(self, step):
        """Some days go by between two steps, or lives would last an afternoon."""
        self.time_passes(2)
        done = super().attempt(step)
        note(f"  {'done' if done else 'refused'} on {self.today}")
        return done

    # === TIME ===

    @rule(days=st.integers(20, 45))
    def a_month_goes_by(self, days):
        self.time_passes(days)
        with freeze_time(self.today):
            self.case._bill_month(self.today.replace(day=1))

    @rule(days=st.integers(1, 20))
    def days_go_by(self, days):
        self.time_passes(days)

    # === PRICES ===

    @precondition(lambda self: self.is_active())
    @rule(percent=st.sampled_from((-3, 4.56)), wait=st.integers(0, 70))
    def announce_a_price(self, percent, wait):
        """To hold from a day to come, as if the last had been agreed a year ago."""
        self.contract.price_adjusted_on = self.today - timedelta(days=366)
        with freeze_time(self.today):
            adjustment = self.case.env["contract.price.adjustment"].create(
                {
                    "method": "percent",
                    "percent": percent,
                    "notice_days": 0,
                    "effective_from": self.today + timedelta(days=wait),
                }
            )
            adjustment.action_simulate()
            if adjustment.pending_count:
                adjustment.action_confirm()
                failed = adjustment.item_ids.filtered(lambda i: i.state == "failed")
                assert not failed, failed.mapped("message")

    @precondition(lambda self: self.is_active())
    @rule()
    def take_the_price_back(self):
        items = self.case.env["contract.price.adjustment.item"].search(
            [("contract_id", "=", self.contract.id), ("state", "=", "done")]
        )
        if items:
            last = items.adjustment_id.sorted("id")[-1]
            self.attempt(last.action_undo)

    # === WHAT IS CHARGED ===

    @precondition(lambda self: self.is_active())
    @rule(number=st.integers(0, 2), wait=st.integers(-40, 60))
    def change_plan(self, number, wait):
        plan = self.case.plans[number]
        if plan != self.contract.contract_template_id:
            day = self.today + timedelta(days=wait)
            self.attempt(lambda: self.contract._change_plan(plan, day))

    @precondition(lambda self: self.is_active())
    @rule(count=st.integers(1, 3))
    def bill_ahead(self, count):
        self.attempt(lambda: self.contract._generate_periods(count, self.today))

    @precondition(lambda self: self.is_active())
    @rule(wait=st.integers(0, 25), at_once=st.booleans())
    def bill_a_part(self, wait, at_once):
        until = self.today + timedelta(days=wait)
        due_date = self.today if at_once else None
        self.attempt(
            lambda: self.contract._generate_prorata(until, self.today, due_date)
        )

    @precondition(lambda self: self.is_active())
    @rule(wait=st.integers(-30, 40), days=st.integers(1, 50))
    def exempt(self, wait, days):
        first = self.today + timedelta(days=wait)
        last = first + timedelta(days=days - 1)
        self.attempt(lambda: self.contract._exempt(first, last, self.today))

    @precondition(lambda self: self.contract.lifecycle_state != "draft")
    @rule(back=st.integers(0, 60), days=st.integers(1, 20))
    def give_back_an_outage(self, back, days):
        first = self.today - timedelta(days=back)
        last = min(first + timedelta(days=days - 1), self.today)
        self.attempt(
            lambda: self.contract._credit_outage(first, last, "Queda", self.today)
        )

    @precondition(lambda self: self.is_active())
    @rule(wait=st.integers(-10, 30), periods=st.sampled_from((None, 1, 3)))
    def add_a_service(self, wait, periods):
        television = self.case.television
        service = {
            "product_id": television.id,
            "name": television.name,
            "quantity": 1.0,
            "uom_id": television.uom_id.id,
            "price_unit": 39.90,
        }
        day = self.today + timedelta(days=wait)
        self.attempt(lambda: self.contract._add_service(service, day, periods))

    @precondition(lambda self: self.is_active())
    @rule(wait=st.integers(-10, 30))
    def remove_a_service(self, wait):
        lines = self.contract.contract_line_ids.filtered(
            lambda line: line.product_id == self.case.television
        )
        day = self.today + timedelta(days=wait)
        if lines:
            self.attempt(lambda: self.contract._remove_service(lines[-1], day))

    # === INVOICES ===

    def open_invoices(self):
        moves = self.contract.charge_ids.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state in ("not_paid", "partial")
            )
        )
        return moves.sorted("id")

    @rule(number=st.integers(0, 3), share=st.sampled_from((1.0, 1.0, 0.4)))
    def pay(self, number, share):
        moves = self.open_invoices()
        if not moves:
            return
        move = moves[number % len(moves)]
        with freeze_time(self.today):
            register = self.case.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            )
            register.create(
                {
                    "payment_date": self.today,
                    "amount": round(move.amount_residual * share, 2),
                }
            )._create_payments()

    @rule(number=st.integers(0, 3))
    def write_anew(self, number):
        moves = self.open_invoices()
        if moves:
            move = moves[number % len(moves)]
            self.attempt(lambda: move._regenerate(self.today))

    @rule(wait=st.integers(0, 20))
    def merge(self, wait):
        moves = self.open_invoices()
        due_date = self.today + timedelta(days=wait)
        if len(moves) > 1:
            self.attempt(lambda: moves[-2:]._merge_invoices(due_date, self.today))

    @rule()
    def undo_merge(self):
        merged = self.open_invoices().filtered("is_merged")
        if merged:
            self.attempt(merged[-1]._undo_merge)

    @rule()
    def take_back(self):
        by_hand = self.open_invoices().filtered("is_issued_by_hand")
        if by_hand:
            self.attempt(lambda: by_hand[-1]._take_back(self.today))

    @rule(number=st.integers(0, 3))
    def cancel_invoice(self, number):
        moves = self.open_invoices().filtered(
            lambda move: move.payment_state == "not_paid"
        )
        if moves:
            self.attempt(moves[number % len(moves)].button_cancel)

    # === WHAT MUST ALWAYS HOLD ===

    def period_charges(self, product):
        return self.live_charges().filtered(
            lambda charge: (
                charge.product_id == product
                and not charge.contract_line_id.discount_id
                and charge.kind in PERIOD_KINDS + CREDIT_KINDS
            )
        )

    def count_days(self, charges):
        days = {}
        for charge in charges:
            step = 1 if charge.kind in PERIOD_KINDS else -1
            first, last = charge.period_start, charge.period_end
            for day in range(first.toordinal(), last.toordinal() + 1):
                days[day] = days.get(day, 0) + step
        return days

    @invariant()
    def each_day_is_charged_once(self):
        charges = self.period_charges(self.case.internet)
        taken = charges.filtered(lambda c: c.kind in (*PERIOD_KINDS, "credit"))
        days = self.count_days(taken)
        charged = {day for day, times in days.items() if times}
        assert set(days.values()) <= {0, 1}, "a day is charged twice or given away"
        if charged:
            first_day = self.contract.date_start.toordinal()
            expected = set(range(first_day, max(charged) + 1)) - self.days_of_rest()
            assert charged <= expected, "a day without service is charged"
            assert expected - charged <= self.days_to_charge(), "a gap"

    def days_to_charge(self):
        """Return the days that the next bills charge: taking one back frees some."""
        lines = self.contract.contract_line_ids.filtered(
            lambda line: line.product_id == self.case.internet and line._is_billable()
        )
        days = set()
        for line in lines:
            for draft in line._get_charges_until(self.today + timedelta(days=400)):
                days |= set(range(draft.start.toordinal(), draft.end.toordinal() + 1))
        return days

    @invariant()
    def no_day_is_given_back_that_was_not_charged(self):
        for product in (self.case.internet, self.case.television):
            days = self.count_days(self.period_charges(product))
            assert min(days.values(), default=0) >= 0, product.name

    @invariant()
    def nobody_is_owed_more_than_was_paid(self):
        """Invoices never ask for less than nothing."""
        for move in self.contract.charge_ids.move_id:
            assert move.state != "posted" or move.amount_residual >= 0, move.name

    def discounts_take_off_no_more_than_the_price(self):
        """Days given back may leave less than nothing of a part of the price."""

    def teardown(self):
        try:
            if self.contract.lifecycle_state in ("active", "suspended", "closed"):
                self.live_on()
        finally:
            result = super().teardown()
        return result

    def live_on(self):
        """Four months later all is billed, and each day of service is among it."""
        for _month in range(5):
            self.today = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)
            self.time_passes(0)
            with freeze_time(self.today):
                self.case._bill_month(self.today)
        waiting = self.live_charges().filtered(
            lambda c: c.state == "pending" and c.due_date < self.today
        )
        assert not waiting, waiting.mapped("label")
        self.charges_equal_invoices()
        self.each_day_is_charged_once()
        days = self.count_days(
            self.period_charges(self.case.internet).filtered(
                lambda c: c.kind in (*PERIOD_KINDS, "credit")
            )
        )
        past = range(
            self.contract.date_start.toordinal(),
            (self.today - timedelta(days=130)).toordinal(),
        )
        lost = {day for day in past if not days.get(day)} - self.days_of_rest()
        assert not lost, [FIRST_DAY.fromordinal(day) for day in sorted(lost)]
