from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestTours(ContractCase, HttpCase):
    """What a clerk does most, done in a real browser."""

    def test_new_contract(self):
        self._create_plan("Fibra Tour", {self.internet: 99.90})
        customer = self._create_customer("Maria Tour")
        self.start_tour(
            "/odoo/contracts", "contract_recurring_new_contract", login="admin"
        )
        contract = self.env["contract.contract"].search(
            [("partner_id", "=", customer.id)]
        )
        self.assertEqual(contract.lifecycle_state, "active")
        self.assertEqual(contract.monthly_amount, 99.90)

    def test_sell_plan(self):
        self._create_plan("Fibra Tour", {self.internet: 99.90})
        customer = self._create_customer("Maria Tour")
        self.start_tour(
            "/odoo/action-sale.action_quotations",
            "contract_recurring_sell_plan",
            login="admin",
        )
        order = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        self.assertEqual(order.contract_ids.monthly_amount, 99.90)

    def test_change_plan(self):
        self.env["contract.contract"].search([]).active = False
        larger = self._create_plan("Fibra Maior", {self.internet: 129.90})
        contract = self._create_contract(
            activation=fields.Date.context_today(self.env.user) - timedelta(days=5),
            partner=self._create_customer("Maria Tour"),
        )
        self.start_tour(
            "/odoo/contracts", "contract_recurring_change_plan", login="admin"
        )
        self.assertEqual(contract.contract_template_id, larger)

    def test_cancel_and_reactivate(self):
        """Eleven whole months of twelve are left: 11/12 of 300.00 = 275.00."""
        self.env["contract.contract"].search([]).active = False
        contract = self._create_contract(
            activation=fields.Date.context_today(self.env.user) - timedelta(days=5),
            partner=self._create_customer("Maria Tour"),
            loyalty_months=12,
            loyalty_penalty_amount=300.0,
        )
        self.start_tour(
            "/odoo/contracts",
            "contract_recurring_cancel_and_reactivate",
            login="admin",
        )
        steps = contract.event_ids.sorted("id").filtered(
            lambda event: event.kind == "lifecycle"
        )
        self.assertEqual(steps.mapped("to_state")[-2:], ["closed", "active"])
        self.assertEqual(contract._get_monthly_amount(contract.date_start), 99.90)
        penalty = contract.charge_ids.filtered(lambda charge: charge.kind == "penalty")
        self.assertEqual(penalty.mapped("amount"), [275.0])

    def test_billing_run(self):
        self.env["contract.contract"].search([]).active = False
        this_month = fields.Date.context_today(self.env.user).replace(day=1)
        good = self._create_contract(activation=this_month)
        bad = self._create_contract(
            activation=this_month, partner=self._create_customer("Archived")
        )
        bad.partner_id.active = False
        with patch.dict("os.environ", {"QUEUE_JOB__NO_DELAY": "1"}):
            self.start_tour(
                "/odoo/billing-runs", "contract_recurring_billing_run", login="admin"
            )
        self.assertEqual(set(good.charge_ids.mapped("state")), {"billed"})
        self.assertFalse(bad.charge_ids)

    def test_price_adjustment(self):
        self.env["contract.contract"].search([]).active = False
        today = fields.Date.context_today(self.env.user)
        old = self._create_contract(activation=today - relativedelta(years=2))
        young = self._create_contract(
            activation=today - relativedelta(months=3),
            partner=self._create_customer("Young"),
        )
        with patch.dict("os.environ", {"QUEUE_JOB__NO_DELAY": "1"}):
            self.start_tour(
                "/odoo/price-adjustments",
                "contract_recurring_price_adjustment",
                login="admin",
            )
        self.assertEqual(old.contract_line_ids.sorted("id")[-1].price_unit, 109.89)
        self.assertEqual(len(young.contract_line_ids), 1)
