from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .sale_common import SaleContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestSaleContract(SaleContractCase):
    """A confirmed quote becomes contracts; what is charged once is billed."""

    def test_plan_and_installation_on_one_order(self):
        """R$ 99,90 a month by the contract, R$ 150,00 once by the order."""
        order = self._create_quote(
            self.plan, lines=[(self.installation, 150.00, {})], user_id=self.seller.id
        )
        self.assertEqual(order.one_off_total, 150.00)
        self.assertEqual(order.recurring_monthly_total, 99.90)
        order.contract_due_day = 15
        order.action_confirm()
        contract = order.contract_ids
        self.assertEqual(contract.lifecycle_state, "waiting")
        self.assertEqual(contract.contract_template_id, self.plan)
        self.assertEqual(contract.due_day, 15)
        self.assertEqual(contract.user_id, self.seller)
        self.assertEqual(contract.monthly_amount, 99.90)
        self.assertEqual(contract.loyalty_months, 12)
        self.assertEqual(order.order_line.contract_line_id, contract.contract_line_ids)
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_untaxed, 150.00)
        self.assertEqual(invoice.journal_id, self.company.contract_journal_id)
        self.assertEqual(order.invoice_status, "invoiced")
        recurring = order.order_line.filtered("recurring_rule_type")
        self.assertEqual(recurring.qty_to_invoice, 0)
        self.assertEqual(recurring.amount_to_invoice, 0)

    def test_sold_contract_bills_the_quoted_price(self):
        """10 % off 99.90 is 89.91; active on 15/03 with due day 15, March is whole."""
        order = self._create_quote(self.plan)
        order.order_line.discount = 10
        order.contract_due_day = 15
        order.action_confirm()
        order.contract_ids._activate(date(2026, 3, 15))
        self._bill_month(date(2026, 3, 1))
        self.assertEqual(order.contract_ids.charge_ids.amount, 89.91)
        self.assertLedgerIsInvoiced(order.contract_ids)

    def test_order_without_one_off_part_is_not_invoiced(self):
        order = self._create_quote(self.plan, lines=[(self.installation, 0, {})])
        order.action_confirm()
        self.assertFalse(order.invoice_ids)
        alone = self._create_quote(self.plan)
        alone.action_confirm()
        self.assertEqual(alone.invoice_status, "no")

    def test_activation_fee_on_the_first_invoice(self):
        """The quote shows R$ 100,00 once; the contract charges it, less 20 %."""
        self.plan.activation_fee = 100
        order = self._create_quote(self.plan)
        self.assertEqual(order.one_off_total, 100.00)
        order.order_line.filtered("activation_fee_billing").discount = 20
        order.action_confirm()
        self.assertFalse(order.invoice_ids)
        self.assertEqual(order.contract_ids.activation_fee, 80.00)
        order.contract_ids._activate(date(2026, 3, 5))
        fee = order.contract_ids.charge_ids
        self.assertEqual((fee.kind, fee.amount), ("activation", 80.00))

    def test_activation_fee_with_the_order(self):
        self.plan.write({"activation_fee": 100, "activation_fee_billing": "order"})
        order = self._create_quote(self.plan)
        order.action_confirm()
        self.assertEqual(order.invoice_ids.amount_untaxed, 100.00)
        self.assertEqual(order.contract_ids.activation_fee, 0)
        order.contract_ids._activate(date(2026, 3, 5))
        self.assertFalse(order.contract_ids.charge_ids)

    def test_fee_without_its_plan_is_refused(self):
        self.plan.activation_fee = 100
        order = self._create_quote(self.plan)
        order.order_line.filtered("recurring_rule_type").unlink()
        with self.assertRaisesRegex(UserError, "without its plan"):
            order.action_confirm()

    def test_recurring_product_without_a_plan(self):
        """A support service every 2 weeks: 30.00 × 30 / 14 days = 64.29 a month."""
        self.television.is_recurring_service = True
        order = self._create_quote(lines=[(self.television, 30.00, {})])
        line = order.order_line
        self.assertEqual(line.recurring_rule_type, "monthly")
        line.write({"recurring_rule_type": "weekly", "recurring_interval": 2})
        self.assertAlmostEqual(order.recurring_monthly_total, 64.29, places=2)
        self.assertIn("every 2 weeks", order.recurring_summary)
        order.action_confirm()
        contract = order.contract_ids
        self.assertFalse(contract.contract_template_id)
        self.assertEqual(contract.contract_line_ids.recurring_interval, 2)
        self.assertAlmostEqual(contract.monthly_amount, 64.29, places=2)

    def test_service_joins_the_plan_of_its_recurrence(self):
        yearly = {"recurring_rule_type": "yearly", "recurring_interval": 1}
        monthly = {"recurring_rule_type": "monthly", "recurring_interval": 1}
        order = self._create_quote(
            self.plan,
            lines=[(self.television, 30, monthly), (self.installation, 120, yearly)],
        )
        order.action_confirm()
        amounts = sorted(order.contract_ids.mapped("monthly_amount"))
        # 120.00 a year is 10.00 a month; 99.90 + 30.00 share a contract
        self.assertEqual([round(amount, 2) for amount in amounts], [10.00, 129.90])

    def test_one_contract_for_each_plan_and_address(self):
        other = self._create_plan("TV", {self.television: 50})
        shop = self._create_customer("Shop", parent_id=self.partner.id, type="delivery")
        shop.write({"street_name": "Rua B", "street_number": "7"})
        order = self._create_quote(
            self.plan, other, self.plan, partner_shipping_id=self.partner.id
        )
        third = order.order_line.filtered(lambda line: line.plan_id == self.plan)[-1]
        third.service_address_id = shop
        order.action_confirm()
        self.assertEqual(len(order.contract_ids), 3)
        away = order.contract_ids.filtered("has_own_address")
        self.assertIn(
            ("Rua B", "7"), away.mapped(lambda c: (c.street_name, c.street_number))
        )
        self.assertEqual(order.contract_ids.partner_id, self.partner)

    def test_plan_sold_twice_has_two_fees(self):
        """R$ 100,00 here and, at half price, R$ 50,00 at the shop."""
        self.plan.activation_fee = 100
        shop = self._create_customer("Shop", parent_id=self.partner.id, type="delivery")
        order = self._create_quote(
            self.plan, self.plan, partner_shipping_id=self.partner.id
        )
        plan_lines = order.order_line.filtered("plan_line_id")
        plan_lines[1].service_address_id = shop
        order.order_line.filtered("activation_fee_billing")[1].discount = 50
        order.action_confirm()
        sold = plan_lines.contract_line_id.contract_id
        self.assertEqual(sold.mapped("activation_fee"), [100.00, 50.00])
        self.assertEqual(sold.mapped("has_own_address"), [False, True])

    def test_plan_sold_twice_for_one_place_is_one_contract(self):
        """Two of the plan, 2 × R$ 99,90, and its fee of R$ 100,00 twice."""
        self.plan.activation_fee = 100
        order = self._create_quote(self.plan, self.plan)
        order.action_confirm()
        self.assertEqual(order.contract_ids.activation_fee, 200.00)
        self.assertAlmostEqual(order.contract_ids.monthly_amount, 199.80)

    def test_installation_charged_by_the_order_is_noted_on_each_contract(self):
        """R$ 100,00 in full for one place, R$ 100,00 less 20 % for the other; the
        order bills 180,00 at once, the contracts nothing."""
        self.plan.write({"activation_fee": 100, "activation_fee_billing": "order"})
        shop = self._create_customer("Shop", parent_id=self.partner.id, type="delivery")
        order = self._create_quote(
            self.plan, self.plan, partner_shipping_id=self.partner.id
        )
        plan_lines = order.order_line.filtered("plan_line_id")
        plan_lines[1].service_address_id = shop
        order.order_line.filtered("activation_fee_billing")[1].discount = 20
        order.action_confirm()
        sold = plan_lines.contract_line_id.contract_id
        self.assertEqual(order.invoice_ids.amount_untaxed, 180.00)
        self.assertEqual(sold.mapped("installation_cost"), [100.00, 100.00])
        self.assertEqual(sold.mapped("installation_discount"), [0.00, 20.00])
        self.assertEqual(sold.mapped("activation_fee"), [0.00, 0.00])

    def test_price_list_and_unit_of_measure(self):
        """12 % off 99.90 is 87.912, kept as 87.91; a dozen costs twelve times."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Partners",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 12})
                ],
            }
        )
        order = self._create_quote(self.plan, pricelist_id=pricelist.id)
        line = order.order_line
        net = line.price_unit * (1 - line.discount / 100)
        self.assertAlmostEqual(net, 87.912, places=2)
        line.product_uom_qty = 2
        self.assertAlmostEqual(line.price_subtotal, 175.82, places=2)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.internet.uom_ids = dozen
        line.write({"product_uom_qty": 1, "product_uom_id": dozen.id})
        order.action_confirm()
        sold = order.contract_ids.contract_line_ids
        self.assertEqual(sold.uom_id, dozen)
        self.assertAlmostEqual(sold.price_subtotal, line.price_subtotal, places=2)
        self.assertAlmostEqual(line.price_subtotal, 1054.94, places=2)

    def test_plan_price_survives_a_change_of_quantity(self):
        order = self._create_quote(self.plan)
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.order_line.price_unit, 99.90)
        order.action_update_prices()
        self.assertEqual(order.order_line.price_unit, 99.90)

    def test_quote_template_sells_a_plan(self):
        self.plan.activation_fee = 100
        template = self.env["sale.order.template"].create(
            {
                "name": "Fibra with installation",
                "plan_id": self.plan.id,
                "sale_order_template_line_ids": [
                    Command.create({"product_id": self.installation.id})
                ],
            }
        )
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.partner
        order = form.save()
        self.assertFalse(order.order_line)
        self.seller.group_ids += self.env.ref(
            "sale_management.group_sale_order_template"
        )
        form = Form(order)
        form.sale_order_template_id = template
        order = form.save()
        self.assertEqual(
            order.order_line.mapped("product_id"),
            self.installation + self.internet + self.plan.activation_product_id,
        )
        self.assertEqual(order.recurring_monthly_total, 99.90)

    def test_plan_added_on_the_form(self):
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.partner
        form.plan_id = self.plan
        self.assertFalse(form.plan_id)
        order = form.save()
        line = order.order_line
        self.assertEqual((line.price_unit, line.plan_id), (99.90, self.plan))
        self.assertEqual(order.contract_due_day, 5)

    def test_fee_of_a_price_with_taxes_is_charged_as_quoted(self):
        """R$ 100,00 taxes included stay R$ 100,00 on the contract."""
        tax = self.env["account.tax"].create(
            {"name": "Included", "amount": 25, "price_include_override": "tax_included"}
        )
        self.plan.activation_fee = 100
        self.plan.activation_product_id.taxes_id = tax
        order = self._create_quote(self.plan)
        self.assertEqual(order.one_off_total, 100.00)
        order.action_confirm()
        self.assertEqual(order.contract_ids.activation_fee, 100.00)

    def test_printed_quote_tells_the_totals_apart(self):
        order = self._create_quote(self.plan, lines=[(self.installation, 150, {})])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", order.ids
        )
        for words in ("<td>Now</td>", "per month", "150.00", "99.90"):
            self.assertIn(words, html.decode())

    def test_due_day_must_be_offered(self):
        order = self._create_quote(self.plan)
        with self.assertRaisesRegex(ValidationError, "5, 15"):
            order.contract_due_day = 20

    # === TWICE, TWO PEOPLE, CANCELLING ===

    def test_confirming_twice(self):
        order = self._create_quote(self.plan)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "was confirmed on"):
            order.action_confirm()
        self.assertEqual(len(order.contract_ids), 1)

    def test_two_people_confirm_one_quote(self):
        order = self._create_quote(self.plan)
        with (
            patch.object(type(order), "lock_for_update", side_effect=LockError("x")),
            self.assertRaisesRegex(UserError, "Somebody else is confirming"),
        ):
            order.action_confirm()
        self.assertFalse(order.contract_ids)

    def test_confirmation_that_fails_leaves_nothing(self):
        order = self._create_quote(self.plan, lines=[(self.installation, 10, {})])
        moves = type(self.env["account.move"])
        with (
            patch.object(moves, "action_post", side_effect=UserError("no")),
            self.assertRaises(UserError),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.contract_ids)

    def test_cancelling_the_order_puts_the_contract_away(self):
        order = self._create_quote(self.plan, user_id=self.seller.id)
        order.action_confirm()
        order.with_user(self.seller).action_cancel()
        self.assertEqual(order.contract_ids.lifecycle_state, "deactivated")

    def test_order_of_an_active_contract_is_not_cancelled(self):
        order = self._create_quote(self.plan)
        order.action_confirm()
        order.contract_ids._activate(date(2026, 3, 5))
        with self.assertRaisesRegex(UserError, "is in force"):
            order.action_cancel()
        self.assertEqual(order.state, "sale")

    def test_sold_lines_are_closed(self):
        order = self._create_quote(self.plan)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "New Quote"):
            order.order_line.price_unit = 1
        with self.assertRaisesRegex(UserError, "New Quote"):
            order._add_plan(self.plan)

    # === PERMISSIONS ===

    def test_salesperson_without_rights_on_contracts(self):
        order = self._create_quote(
            self.plan, lines=[(self.installation, 10, {})], user_id=self.seller.id
        ).with_user(self.seller)
        order.action_confirm()
        self.assertEqual(order.contract_count, 1)
        contract = order.sudo().contract_ids.with_user(self.seller).sudo(False)
        self.assertEqual(contract.sudo().event_ids.user_id, self.seller)
        with self.assertRaises(AccessError):
            contract._activate(date(2026, 3, 5))
        with self.assertRaises(AccessError):
            contract.read(["code"])
        self.assertEqual(contract.sudo().lifecycle_state, "waiting")
