from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .sale_common import SaleContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestSaleContractChange(SaleContractCase):
    """Upsell, plan change and renewal are quotes on a contract.

    April is billed from 10/04 to 09/05 at 99.90.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.due_days_offered = False
        cls.faster = cls._create_plan("Fibra 700", {cls.internet: 129.90})
        cls.contract = cls._create_contract(activation=date(2026, 4, 10))
        cls._bill_month(date(2026, 4, 1))

    def _quote(self, kind, day, **values):
        """Return the quote the wizard makes."""
        wizard = self.env["contract.quote"].create(
            {"contract_id": self.contract.id, "kind": kind, "date": day, **values}
        )
        action = wizard.action_create_quote()
        return self.env["sale.order"].browse(action["res_id"])

    def test_quote_is_in_the_currency_of_the_contract(self):
        """A customer's usual price list in dollars would sell reais as dollars."""
        other = self.env["res.currency"].with_context(active_test=False)
        foreign = other.search([("id", "!=", self.contract.currency_id.id)], limit=1)
        foreign.active = True
        prices = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        self.contract.partner_id.specific_property_product_pricelist = prices
        order = self._quote("plan", date(2026, 4, 20), plan_id=self.faster.id)
        self.assertEqual(order.currency_id, self.contract.currency_id)
        self.assertEqual(order.order_line.price_unit, 129.90)

    def test_upsell_shows_and_charges_the_days_left(self):
        """TV at 30.00 from 20/04: 20 of 30 days is 20.00, then May's 30.00."""
        order = self._quote("upsell", date(2026, 4, 20))
        order.order_line = [
            Command.create(
                {
                    "product_id": self.television.id,
                    "price_unit": 30.00,
                    "recurring_rule_type": "monthly",
                    "recurring_interval": 1,
                }
            ),
            Command.create({"product_id": self.installation.id, "price_unit": 80.00}),
        ]
        costs = order._get_change_costs()
        quoted = [float(charge.amount) for _line, charge in costs["charges"]]
        self.assertEqual(quoted, [20.00, 30.00])
        self.assertEqual(costs["credit"], 0)
        self.assertAlmostEqual(costs["monthly_after"], 129.90)
        self.assertIn("129.90", order.contract_change_preview)
        order.action_confirm()
        self.assertFalse(order.contract_ids)
        self.assertEqual(order.invoice_ids.amount_untaxed, 80.00)
        sold = order.order_line[0].contract_line_id
        self.assertEqual(sold.product_id, self.television)
        self.assertEqual(sold.sale_order_line_ids.order_id, order)
        self.assertEqual(sold.contract_id.sale_order_count, 1)
        self.assertEqual(order.action_view_contracts()["res_id"], self.contract.id)
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.reason), ("service", order.name))
        self.assertAlmostEqual(event.mrr_change, 30.00)
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda charge: charge.due_date == date(2026, 5, 10)
        )
        self.assertEqual(sorted(may.mapped("amount")), [20.00, 30.00, 99.90])
        self.assertLedgerIsInvoiced(self.contract)

    def test_plan_change_keeps_the_promise_of_the_quote(self):
        """20 of 30 days: 66.60 back, 73.27 for the new plan at 109.90 (quoted
        below its 129.90), then May."""
        order = self._quote("plan", date(2026, 4, 20), plan_id=self.faster.id)
        order.order_line.price_unit = 109.90
        costs = order._get_change_costs()
        self.assertAlmostEqual(costs["credit"], 66.60)
        quoted = [float(charge.amount) for _line, charge in costs["charges"]]
        self.assertEqual(quoted, [73.27, 109.90])
        self.assertAlmostEqual(costs["monthly_after"], 109.90)
        order.action_confirm()
        self.assertEqual(self.contract.contract_template_id, self.faster)
        sold = order.order_line.contract_line_id
        self.assertEqual((sold.price_unit, sold.date_end), (109.90, False))
        self.assertAlmostEqual(self.contract.event_ids[0].mrr_change, 10.00)
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda charge: charge.due_date == date(2026, 5, 10)
        )
        self.assertEqual(sorted(may.mapped("amount")), [-66.60, 73.27, 109.90])

    def test_renewal_takes_the_price_of_today_and_a_new_term(self):
        """The plan now costs 119.90; the term of 12 months from 10/04 ends
        09/04/2027, the new one runs from the day after."""
        self.plan.contract_line_ids.specific_price = 119.90
        self.assertEqual(self.contract.monthly_amount, 99.90)
        with freeze_time("2026-05-01"):
            wizard = self.env["contract.quote"].create(
                {"contract_id": self.contract.id, "kind": "renewal"}
            )
            self.assertEqual(wizard.date, date(2027, 4, 10))
        order = self._quote("renewal", date(2026, 5, 10))
        self.assertEqual(order.order_line.price_unit, 119.90)
        self.assertIn("New loyalty term", order.contract_change_preview)
        order.action_confirm()
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 5, 9))
        self.assertEqual(self.contract.renewed_until, date(2027, 5, 9))
        self.assertEqual(self.contract.price_since, date(2026, 5, 10))
        self.assertEqual(order.order_line.contract_line_id.price_unit, 119.90)
        event = self.contract.event_ids[0]
        self.assertEqual(event.kind, "renewal")
        self.assertEqual(
            (event.from_state, event.to_state), ("04/09/2027", "05/09/2027")
        )
        self.assertAlmostEqual(event.mrr_change, 20.00)
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda charge: charge.due_date == date(2026, 5, 10)
        )
        self.assertEqual(may.mapped("amount"), [119.90])

    def test_renewal_without_loyalty_lasts_as_long_as_the_contract_says(self):
        """The plan asks for no loyalty any more: 24 months from 10/05/2026."""
        self.plan.loyalty_months = 0
        self.contract.renewal_months = 24
        order = self._quote("renewal", date(2026, 5, 10))
        order.action_confirm()
        self.assertEqual(self.contract.renewed_until, date(2028, 5, 9))
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 4, 9))

    def test_changes_take_the_lock_of_the_contract(self):
        orders = [
            self._quote("plan", date(2026, 4, 20), plan_id=self.faster.id),
            self._quote("renewal", date(2026, 5, 10)),
            self._quote("upsell", date(2026, 4, 20)),
        ]
        contracts = type(self.contract)
        for order in orders:
            with (
                patch.object(contracts, "lock_for_update", side_effect=LockError("x")),
                self.assertRaisesRegex(UserError, "changed or billed by somebody"),
                self.env.cr.savepoint(),
            ):
                order.action_confirm()
            order.invalidate_recordset()
            self.assertEqual(order.state, "draft")
        with (
            patch.object(contracts, "lock_for_update", side_effect=LockError("x")),
            self.assertRaisesRegex(UserError, "changed or billed by somebody"),
        ):
            self.contract._sell_services([], date(2026, 4, 20))

    def test_impossible_changes_are_refused(self):
        order = self._quote("plan", date(2026, 4, 20))
        with self.assertRaisesRegex(UserError, "exactly one plan"):
            order.action_confirm()
        order = self._quote("renewal", date(2026, 4, 1))
        with self.assertRaisesRegex(UserError, "cannot change"):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, "not active"):
            self.contract = self._create_contract()
            self._quote("upsell", date(2026, 4, 20))

    def test_applied_change_is_not_undone_by_cancelling(self):
        order = self._quote("plan", date(2026, 4, 20), plan_id=self.faster.id)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "has changed"):
            order.action_cancel()
