from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContract(ContractCase):
    """A plan fills a contract; the contract then keeps its own conditions."""

    def _new_contract_form(self):
        form = Form(
            self.env["contract.contract"].with_context(default_contract_type="sale"),
            "contract_recurring.contract_contract_view_form",
        )
        form.partner_id = self.partner
        return form

    def test_plan_fills_the_contract_in_the_form(self):
        plan = self._create_plan(
            "Combo",
            {self.internet: 79.90, self.television: 40.00},
            due_days_offered="5, 15",
            loyalty_months=12,
            activation_fee=150,
            reference_period="past",
        )
        form = self._new_contract_form()
        form.contract_template_id = plan
        contract = form.save()
        self.assertEqual(contract.monthly_amount, 119.90)
        self.assertEqual(contract.due_day, 5, "the first day the plan offers")
        self.assertEqual(contract.loyalty_months, 12)
        self.assertEqual(contract.activation_fee, 150)
        self.assertEqual(contract.reference_period, "past")
        self.assertEqual(contract.generation_type, "billing_run")
        self.assertEqual(
            contract.contract_line_ids.product_id, self.internet | self.television
        )

    def test_another_plan_replaces_what_the_first_filled(self):
        other = self._create_plan("TV", {self.television: 40.00})
        form = self._new_contract_form()
        form.contract_template_id = self.plan
        form.contract_template_id = other
        contract = form.save()
        self.assertEqual(contract.contract_line_ids.product_id, self.television)
        self.assertEqual(contract.monthly_amount, 40.00)

    def test_monthly_amount_can_be_overridden(self):
        contract = self._create_contract()
        self.assertFalse(contract.is_price_custom)
        contract.monthly_amount = 89.90
        self.assertAlmostEqual(contract.contract_line_ids.price_unit, 89.90)
        self.assertAlmostEqual(contract.monthly_amount, 89.90)
        self.assertTrue(contract.is_price_custom)

    def test_monthly_amount_of_a_yearly_plan(self):
        plan = self._create_plan(
            "Anual", {self.internet: 1200.00}, recurring_rule_type="yearly"
        )
        contract = self._create_contract(plan=plan)
        self.assertAlmostEqual(contract.monthly_amount, 100.00)
        contract.monthly_amount = 90.00
        self.assertAlmostEqual(contract.contract_line_ids.price_unit, 1080.00)

    def test_later_change_of_plan_leaves_contract_alone(self):
        contract = self._create_contract()
        self.plan.contract_line_ids.specific_price = 120.00
        self.plan.loyalty_months = 6
        self.assertEqual(contract.monthly_amount, 99.90)
        self.assertEqual(contract.loyalty_months, 0)

    def test_due_day_must_be_offered(self):
        self.plan.due_days_offered = "5, 15"
        with self.assertRaisesRegex(ValidationError, "5, 15"):
            self._create_contract(due_day=10)

    def test_due_days_of_a_plan_are_days(self):
        with self.assertRaisesRegex(ValidationError, "32"):
            self.plan.due_days_offered = "5, 32"

    @mute_logger("odoo.sql_db")
    def test_due_day_32_is_refused(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._create_contract(due_day=32)

    def test_end_before_start_is_refused(self):
        contract = self._create_contract(activation=date(2026, 3, 1))
        with self.assertRaises(ValidationError):
            contract.contract_line_ids.date_end = date(2026, 2, 1)

    def test_amounts_add_up_in_groups(self):
        self._create_contract()
        self._create_contract()
        groups = self.env["contract.contract"].formatted_read_group(
            [("partner_id", "=", self.partner.id)],
            ["contract_template_id"],
            ["monthly_amount:sum"],
        )
        self.assertEqual(groups[0]["monthly_amount:sum"], 199.80)

    def test_numbers_are_given_and_unique(self):
        first, second = self._create_contract(), self._create_contract()
        self.assertNotEqual(first.code, second.code)
        self.assertIn(first.code, first.display_name)

    def test_contract_with_charges_cannot_be_deleted(self):
        contract = self._create_contract(activation=date(2026, 3, 1))
        self._bill_month(date(2026, 3, 1))
        with self.assertRaises(UserError):
            contract.unlink()

    def test_service_address_follows_the_customer_or_is_its_own(self):
        self.partner.write({"street_name": "Rua das Flores", "zip": "88010-000"})
        contract = self._create_contract()
        self.assertEqual(contract.street_name, "Rua das Flores")
        self.partner.street_name = "Rua Nova"
        self.assertEqual(contract.street_name, "Rua Nova")
        contract.write({"has_own_address": True, "street_name": "Rua do Sol"})
        self.partner.street_name = "Rua Velha"
        self.assertEqual(contract.street_name, "Rua do Sol")
        contract.has_own_address = False
        self.assertEqual(contract.street_name, "Rua Velha")

    def test_oca_cron_leaves_our_contracts_alone(self):
        contract = self._create_contract(activation=date(2026, 3, 1))
        self.env["contract.contract"].cron_recurring_create_invoice(date(2026, 12, 1))
        self.assertFalse(contract._get_related_invoices())

    def test_oca_contracts_keep_their_own_ways(self):
        contract = self._create_contract(generation_type="invoice")
        contract.contract_line_ids.recurring_next_date = date(2026, 1, 1)
        moves = contract._recurring_create_invoice(date(2026, 1, 1))
        self.assertEqual(moves.amount_untaxed, 99.90)
        self.assertEqual(
            contract.contract_line_ids.last_date_invoiced, date(2026, 1, 31)
        )
