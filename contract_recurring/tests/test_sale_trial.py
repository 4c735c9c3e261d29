from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sale_common import SaleContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestTrial(SaleContractCase):
    """Days free of charge; then the contract is paid, or was cancelled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"trial_days": 7, "due_days_offered": False})
        cls.contract = cls._create_contract(activation=date(2026, 3, 3))

    def test_charges_begin_after_the_trial(self):
        """Active on 03/03 with 7 days free: charged from 10/03, the due day."""
        self.assertEqual(self.contract.trial_end_date, date(2026, 3, 9))
        self.assertEqual(self.contract.billing_origin, date(2026, 3, 10))
        self._bill_month(date(2026, 3, 1))
        charge = self.contract.charge_ids
        self.assertEqual(
            (charge.period_start, charge.amount), (date(2026, 3, 10), 99.90)
        )

    def test_conversion_brings_the_revenue(self):
        self.assertEqual(sum(self.contract.event_ids.mapped("mrr_change")), 0)
        contracts = self.env["contract.contract"]
        # 22:30 of 09/03 in São Paulo: until midnight it may still be cancelled
        with freeze_time("2026-03-10 01:30:00"):
            contracts._cron_convert_trials()
            self.assertFalse(self.contract.is_trial_converted)
        with freeze_time("2026-03-10 15:00:00"):
            contracts._cron_convert_trials()
            contracts._cron_convert_trials()
        events = self.contract.event_ids.filtered(lambda event: event.kind == "trial")
        self.assertEqual(events.mapped("mrr_change"), [99.90])
        self.assertEqual(events.effective_date, date(2026, 3, 10))

    def test_cancelled_within_the_trial_costs_nothing(self):
        self.plan.activation_fee = 50
        contract = self._create_contract(activation=date(2026, 3, 3))
        self.assertEqual(contract.charge_ids.amount, 50)
        with freeze_time("2026-03-08 15:00:00"):
            contract.action_cancel_trial()
        self.assertEqual(contract.lifecycle_state, "closed")
        self._bill_month(date(2026, 3, 1))
        self.assertEqual(contract.charge_ids.mapped("state"), ["cancelled"])
        self.assertEqual(sum(contract.event_ids.mapped("mrr_change")), 0)

    def test_after_the_trial_it_is_too_late(self):
        with (
            freeze_time("2026-03-10 15:00:00"),
            self.assertRaisesRegex(UserError, "not in its trial"),
        ):
            self.contract.action_cancel_trial()
