from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractRevenue(ContractCase):
    """The events tell, for each day, the MRR the lines say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.faster = cls._create_plan("Fibra 700", {cls.internet: 129.90})

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-04-20 12:00:00"))

    def _adjust(self, contract, percent):
        contract.price_adjusted_on = date(2025, 1, 1)
        adjustment = self.env["contract.price.adjustment"].create(
            {"method": "percent", "percent": percent, "notice_days": 0}
        )
        adjustment.action_simulate()
        adjustment.action_confirm()
        self.assertEqual(adjustment.done_count, 1)

    @freeze_time("2026-04-21 01:30:00")
    def test_events_bear_the_day_of_the_company(self):
        """At 22:30 in São Paulo, UTC is at the next day already."""
        contract = self._create_contract(activation=date(2026, 4, 10))
        event = self.env["contract.event"]._record(contract, "address")
        self.assertEqual(event.effective_date, date(2026, 4, 20))

    def test_plan_change_voids_an_announced_price(self):
        """104.90 was announced from 10/05 on; from 01/05 on it is 129.90 instead."""
        contract = self._create_contract(activation=date(2026, 4, 10))
        self._bill_month(date(2026, 4, 1))
        self._adjust(contract, 5)
        self.assertAlmostEqual(contract._get_told_revenue(date(2026, 5, 10)), 104.90)
        contract._change_plan(self.faster, date(2026, 5, 1))
        told = [
            round(contract._get_told_revenue(day), 2)
            for day in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 10))
        ]
        self.assertEqual(told, [99.90, 129.90, 129.90])
        event = contract.event_ids[0]
        self.assertEqual((event.kind, event.mrr_after), ("plan", 129.90))
        voided = contract.event_ids[1]
        self.assertEqual((voided.kind, voided.effective_date.day), ("price", 10))
        self.assertAlmostEqual(voided.mrr_change, -5.00)

    def test_plan_change_before_a_price_that_holds_stays(self):
        """99.90, then another plan, then 3 % less of it: 126.00 from 10/05 on."""
        contract = self._create_contract(activation=date(2026, 4, 10))
        contract._change_plan(self.faster, date(2026, 4, 21))
        self._adjust(contract, -3)
        with freeze_time("2026-05-15 12:00:00"):
            contract._change_plan(self.plan, date(2026, 5, 15))
        told = [
            round(contract._get_told_revenue(day), 2)
            for day in (date(2026, 4, 21), date(2026, 5, 10), date(2026, 5, 15))
        ]
        self.assertEqual(told, [129.90, 126.00, 99.90])

    def test_trial_has_no_revenue_whatever_its_plan(self):
        """Free until 24/04; the plan changed in the trial counts from 25/04 on."""
        plan = self._create_plan("Trial", {self.internet: 59.90}, trial_days=15)
        contract = self._create_contract(activation=date(2026, 4, 10), plan=plan)
        contract._change_plan(self.faster, date(2026, 4, 22))
        self.assertEqual(contract.event_ids[0].mrr_after, 0.0)
        self.assertAlmostEqual(contract.monthly_amount, 129.90)
        with freeze_time("2026-04-25 12:00:00"):
            contract._cron_convert_trials()
        event = contract.event_ids[0]
        self.assertEqual((event.kind, event.mrr_before), ("trial", 0.0))
        self.assertAlmostEqual(event.mrr_after, 129.90)
        self.assertAlmostEqual(contract._get_told_revenue(date(2026, 4, 25)), 129.90)

    def test_conversion_tells_what_was_planned_for_later(self):
        """59.90 from 25/04 on, and 129.90 from 01/05 on as agreed in the trial."""
        plan = self._create_plan("Trial", {self.internet: 59.90}, trial_days=15)
        contract = self._create_contract(activation=date(2026, 4, 10), plan=plan)
        contract._change_plan(self.faster, date(2026, 5, 1))
        with freeze_time("2026-04-25 12:00:00"):
            contract._cron_convert_trials()
        told = [
            round(contract._get_told_revenue(day), 2)
            for day in (date(2026, 4, 24), date(2026, 4, 25), date(2026, 5, 1))
        ]
        self.assertEqual(told, [0.0, 59.90, 129.90])

    def test_goodbye_ends_what_was_announced(self):
        """104.90 was announced from 10/05 on; cancelled on 30/04, it never comes."""
        contract = self._create_contract(activation=date(2026, 4, 10))
        self._bill_month(date(2026, 4, 1))
        self._adjust(contract, 5)
        reason = self.env.ref("contract_recurring.terminate_reason_moved")
        contract._close(date(2026, 4, 30), reason)
        self.assertAlmostEqual(contract._get_told_revenue(date(2026, 5, 1)), 99.90)
        contract._cron_follow_closings(date(2026, 5, 1))
        event = self._life_events(contract)[-1]
        self.assertEqual((event.from_state, event.to_state), ("active", "closed"))
        self.assertAlmostEqual(event.mrr_change, -99.90)
        for day in (date(2026, 5, 1), date(2026, 5, 10)):
            self.assertAlmostEqual(contract._get_told_revenue(day), 0.0)
