from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractChangeWizards(BilledContractCase):
    """What a wizard previews is what is then done, or it says why not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        products = cls.env.ref("contract_recurring.product_address_change")
        products.property_account_income_id = cls.income_account

    def _bill_may(self):
        """Return the invoice of May."""
        self._bill_month(date(2026, 5, 1))
        return self.contract._get_related_invoices().filtered(
            lambda move: move.invoice_date_due >= date(2026, 5, 1)
        )

    def test_plan_change_costs_what_the_preview_says(self):
        """20 of 30 days: 66.60 come back, 86.60 are due, and 129.90 for May."""
        form = self._open("contract.change.plan")
        form.plan_id = self.faster
        self.assertIn("149.90", form.preview)
        wizard = form.save()
        self.assertEqual((wizard.monthly_before, wizard.monthly_after), (99.9, 129.9))
        self.assertAlmostEqual(wizard.credit_amount, 66.60)
        self.assertAlmostEqual(wizard.prorata_amount, 86.60)
        self.assertEqual(wizard.next_due_date, date(2026, 5, 10))
        self.assertAlmostEqual(wizard.next_amount, 149.90)
        self.assertEqual(self.contract.contract_template_id, self.plan, "not done yet")
        wizard.action_apply()
        self.assertEqual(self.contract.contract_template_id, self.faster)
        invoice = self._bill_may()
        self.assertEqual(invoice.invoice_date_due, date(2026, 5, 10))
        self.assertAlmostEqual(invoice.amount_untaxed, 149.90)

    def test_preview_writes_nothing(self):
        charges, lines = self.contract.charge_ids, self.contract.contract_line_ids
        events = self.contract.event_ids
        form = self._open("contract.change.plan")
        form.plan_id = self.faster
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.charge_ids, charges)
        self.assertEqual(self.contract.contract_line_ids, lines)
        self.assertEqual(self.contract.event_ids, events)
        self.assertFalse(lines.date_end)

    def test_preview_says_what_stands_in_the_way(self):
        form = self._open("contract.change.plan")
        form.plan_id = self.faster
        form.date = date(2026, 4, 1)
        self.assertIn("cannot change", form.obstacle)
        self.assertFalse(form.preview)
        with self.assertRaisesRegex(UserError, "cannot change"):
            form.save().action_apply()

    def test_change_before_the_period_billed_last_is_refused(self):
        """May is billed: 10/05 is the earliest day, April stays as it is."""
        self._bill_may()
        with freeze_time("2026-05-15 12:00:00"):
            with self.assertRaisesRegex(UserError, "earliest possible day is 05/10"):
                self.contract._change_plan(self.faster, date(2026, 5, 9))
            self.assertEqual(self.contract.contract_template_id, self.plan)
            self.contract._change_plan(self.faster, date(2026, 5, 10))
        credit = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(credit.amount, -99.90)

    def test_change_today_is_possible_where_billing_runs_ahead(self):
        self._bill_may()
        self.contract._change_plan(self.faster, date(2026, 4, 20))
        credits = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(sorted(credits.mapped("amount")), [-99.90, -66.60])

    def test_due_day_change_costs_what_the_preview_says(self):
        """10/05 to 24/05 is 15 of 30 days, due with the period from 25/05 on."""
        self.enterContext(freeze_time("2026-04-27 12:00:00"))
        form = self._open("contract.change.due.day")
        form.due_day = 25
        wizard = form.save()
        self.assertEqual(wizard.next_due_date, date(2026, 5, 25))
        self.assertAlmostEqual(wizard.next_amount, 149.85)
        self.assertAlmostEqual(wizard.prorata_amount, 49.95)
        wizard.action_apply()
        self.assertAlmostEqual(self._bill_may().amount_untaxed, 149.85)

    def test_only_offered_due_days(self):
        self.contract.due_days_offered = "5, 10"
        form = self._open("contract.change.due.day")
        form.due_day = 25
        self.assertIn("5, 10", form.obstacle)
        form.due_day = 32
        self.assertIn("between 1 and 31", form.obstacle)
        with self.assertRaisesRegex(UserError, "not offered"):
            self.contract._change_due_day(25)

    def test_address_change_with_its_fee(self):
        city = self.env["res.city"].search([("ibge_code", "!=", False)], limit=1)
        self.company.contract_address_fee = 50.0
        form = self._open("contract.change.address")
        form.street_name = "Rua das Flores"
        form.street_number = "12"
        form.city_id = city
        self.assertEqual(form.fee, 50.0)
        wizard = form.save()
        self.assertEqual(wizard.fee_amount, 50.0)
        self.assertAlmostEqual(wizard.next_amount, 149.90)
        wizard.action_apply()
        self.assertTrue(self.contract.has_own_address)
        self.assertEqual(self.contract.state_id, city.state_id)
        event = self.contract.event_ids[0]
        self.assertEqual(event.kind, "address")
        self.assertIn("Rua das Flores, 12", event.to_state)
        invoice = self._bill_may()
        self.assertAlmostEqual(invoice.amount_untaxed, 149.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_address_of_tomorrow_is_refused(self):
        form = self._open("contract.change.address")
        form.street_name = "Rua das Flores"
        form.city_id = self.env["res.city"].search([], limit=1)
        form.date = date(2026, 4, 21)
        self.assertIn("not before", form.obstacle)

    def test_migration_is_to_another_technology(self):
        self.plan.technology = "radio"
        self.contract.technology = "radio"
        self.faster.technology = "fiber"
        plan = self._create_plan("Radio 20", {self.internet: 79.90}, technology="radio")
        with self.assertRaisesRegex(UserError, "another technology"):
            self.contract._migrate_technology(plan, date(2026, 4, 20))
        form = self._open("contract.change.plan", default_is_migration=True)
        form.plan_id = self.faster
        self.assertNotIn(plan, form.allowed_plan_ids[:])
        form.save().action_apply()
        self.assertEqual(self.contract.technology, "fiber")
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.to_state), ("technology", "Fibra 700"))
        self.assertAlmostEqual(event.mrr_change, 30.0)

    def test_bonus_period_has_a_limit(self):
        self.company.contract_bonus_max_days = 7
        with self.assertRaisesRegex(UserError, "04/27/2026"):
            self.contract._grant_bonus(date(2026, 4, 28), date(2026, 4, 20))
        form = self._open("contract.give.bonus")
        form.until = date(2026, 4, 27)
        wizard = form.save()
        self.assertAlmostEqual(wizard.next_amount, 99.90)
        wizard.action_apply()
        self.assertEqual(self.contract.block_exempt_until, date(2026, 4, 27))
        self.assertEqual(self.contract.event_ids[0].kind, "bonus")

    def test_a_contract_changed_by_somebody_else_waits(self):
        contracts = type(self.contract)
        day = date(2026, 4, 20)
        changes = [
            lambda: self.contract._change_plan(self.faster, day),
            lambda: self.contract._change_due_day(25),
            lambda: self.contract._change_address({}, day),
            lambda: self.contract._add_service({}, day),
            lambda: self.contract._charge_once({}, day),
            lambda: self.contract._grant_discount(day, percent=10),
            lambda: self.contract._exempt(day, day, day),
            lambda: self.contract._grant_bonus(day, day),
            lambda: self.contract._start_tasting(self.faster, day, day),
        ]
        with patch.object(contracts, "lock_for_update", side_effect=LockError("x")):
            for change in changes:
                with self.assertRaisesRegex(LockError, "somebody else"):
                    change()

    def test_draft_contract_refuses_changes(self):
        draft = self._create_contract()
        day = date(2026, 4, 20)
        for change in (
            lambda: draft._change_plan(self.faster, day),
            lambda: draft._change_due_day(25),
            lambda: draft._change_address({}, day),
            lambda: draft._add_service({}, day),
            lambda: draft._grant_discount(day, percent=10),
            lambda: draft._exempt(day, day, day),
            lambda: draft._grant_bonus(day, day),
            lambda: draft._start_tasting(self.faster, day, day),
        ):
            with self.assertRaisesRegex(UserError, "not active"):
                change()

    def test_operator_changes_and_reader_does_not(self):
        operator = self._create_user("changer", "group_contract_operator")
        reader = self._create_user("looker", "group_contract_reader")
        values = {"contract_id": self.contract.id, "plan_id": self.faster.id}
        wizards = self.env["contract.change.plan"]
        with self.assertRaises(AccessError):
            wizards.with_user(reader).create(values)
        wizard = wizards.with_user(operator).create(values)
        self.assertAlmostEqual(wizard.next_amount, 149.90)
        wizard.action_apply()
        self.assertEqual(self.contract.event_ids[0].user_id, operator)
