from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractTasting(ContractCase):
    """Tasting (*degustação*, S004-41): a larger plan that returns by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.technology = "fiber"
        cls.faster = cls._create_plan(
            "Fibra 700", {cls.internet: 129.90}, technology="fiber"
        )
        cls.contract = cls._create_contract(activation=date(2026, 4, 10))
        cls._bill_month(date(2026, 4, 1))

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-04-20 12:00:00"))

    def test_larger_plan_at_no_price_returns_by_itself(self):
        form = Form(
            self.env["contract.taste.plan"].with_context(active_id=self.contract.id)
        )
        form.plan_id = self.faster
        form.until = date(2026, 4, 30)
        wizard = form.save()
        self.assertEqual(wizard.monthly_after, 99.90)
        self.assertAlmostEqual(wizard.next_amount, 99.90)
        wizard.action_apply()
        self.assertEqual(self.contract.effective_plan_id, self.faster)
        self.assertEqual(self.contract.contract_template_id, self.plan)
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.mrr_change), ("tasting", 0.0))
        with freeze_time("2026-04-30 12:00:00"):
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.effective_plan_id, self.faster)
        with freeze_time("2026-05-01 12:00:00"):
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.effective_plan_id, self.plan)
        self._bill_month(date(2026, 5, 1))
        charges = self.contract.charge_ids
        self.assertEqual(set(charges.mapped("amount")), {99.90})

    def test_other_technology_cheaper_plan_or_second_tasting_is_refused(self):
        radio = self._create_plan(
            "Radio 900", {self.internet: 199.90}, technology="radio"
        )
        cheap = self._create_plan("Social", {self.internet: 9.90}, technology="fiber")
        day, until = date(2026, 4, 20), date(2026, 4, 30)
        with self.assertRaisesRegex(UserError, "another technology"):
            self.contract._start_tasting(radio, day, until)
        with self.assertRaisesRegex(UserError, "larger plan"):
            self.contract._start_tasting(cheap, day, until)
        with self.assertRaisesRegex(UserError, "larger plan"):
            self.contract._start_tasting(self.plan, day, until)
        with self.assertRaisesRegex(UserError, "begins after"):
            self.contract._start_tasting(self.faster, until, day)
        self.assertFalse(self.contract.tasting_plan_id)
        self.contract._start_tasting(self.faster, day, until)
        with self.assertRaisesRegex(UserError, "already"):
            self.contract._start_tasting(self.faster, until, until)
        self.contract._start_tasting(self.faster, date(2026, 5, 2), date(2026, 5, 3))
