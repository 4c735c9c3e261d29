import doctest
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..tools import price_adjustment, price_index_file
from ..tools.price_adjustment import (
    MissingMonths,
    accumulate,
    accumulated_factor,
    adjusted_price,
    months_before,
    year_after,
)
from .common import ContractCase

ITEM_LOGGER = "odoo.addons.contract_recurring.models.contract_run_item_mixin"
percents = st.decimals(Decimal(-20), Decimal(20), places=4)


@tagged("contract_recurring", "post_install", "-at_install")
class TestPriceCalculation(BaseCase):
    """The arithmetic of an adjustment."""

    def test_worked_examples(self):
        for module in (price_adjustment, price_index_file):
            results = doctest.testmod(module)
            self.assertTrue(results.attempted)
            self.assertFalse(results.failed, module.__name__)

    def test_a_year_by_hand(self):
        """1.0056 × 1.0043 × 1.0026 × … × 1.0070 = 1.03812497; × 99.90 = 103.7087."""
        year = "0.56 0.43 0.26 0.24 0.26 -0.11 0.48 0.09 0.18 0.33 0.33 0.70".split()
        months = months_before(date(2026, 3, 1))
        values = dict(zip(months, map(Decimal, year), strict=True))
        by_hand = Decimal(1)
        for percent in year:
            by_hand *= 1 + Decimal(percent) / 100
        factor = accumulated_factor(values, date(2026, 3, 1))
        self.assertEqual(factor, round(by_hand, 8))
        self.assertEqual(str(factor), "1.03812497")
        self.assertEqual(adjusted_price(Decimal("99.90"), factor), Decimal("103.71"))

    def test_missing_months_are_named(self):
        months = months_before(date(2026, 3, 1))
        values = dict.fromkeys(months, Decimal(0))
        del values[months[3]], values[months[11]]
        with self.assertRaisesRegex(MissingMonths, "06/2025, 02/2026"):
            accumulated_factor(values, date(2026, 3, 1))

    @given(st.lists(percents, min_size=1, max_size=4))
    def test_order_does_not_matter(self, values):
        self.assertEqual(len({accumulate(order) for order in permutations(values)}), 1)

    @given(st.integers(0, 12))
    def test_zeros_change_nothing(self, count):
        self.assertEqual(accumulate([Decimal(0)] * count), 1)
        price = Decimal("99.90")
        self.assertEqual(adjusted_price(price, accumulate([Decimal(0)])), price)

    @given(st.dates(date(1960, 1, 1), date(2090, 1, 1)))
    def test_a_year_is_never_short(self, day):
        self.assertGreaterEqual(year_after(day) - day, timedelta(days=365))
        self.assertLessEqual(year_after(day) - day, timedelta(days=366))


@tagged("contract_recurring", "post_install", "-at_install")
class TestPriceAdjustment(ContractCase):
    """Prices follow an index once a year, explained, and can be undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["contract.contract"].search([]).active = False
        cls.index = cls.env["contract.price.index"].create(
            {"name": "Test", "code": "TST"}
        )
        # 12 × 0.5 % = factor 1.06167781
        cls.index._set_values(
            {month: Decimal("0.5") for month in months_before(date(2026, 4, 1))}
        )
        cls.plan.price_index_id = cls.index
        cls.contract = cls._create_contract(activation=date(2025, 4, 10))

    @classmethod
    def _adjust(cls, **values):
        """Return a simulated adjustment for the period of 10/04/2026."""
        adjustment = cls.env["contract.price.adjustment"].create(
            {
                "index_id": cls.index.id,
                "month": date(2026, 4, 1),
                "effective_from": date(2026, 4, 1),
                "notice_days": 0,
                **values,
            }
        )
        adjustment.action_simulate()
        return adjustment

    def test_simulation_by_hand(self):
        """99.90 × 1.06167781 = 106.0616…: R$ 106.06."""
        adjustment = self._adjust()
        item = adjustment.item_ids
        self.assertEqual(item.contract_id, self.contract)
        self.assertEqual((item.state, item.flag), ("pending", "increase"))
        self.assertEqual((item.amount_before, item.amount_after), (99.90, 106.06))
        self.assertAlmostEqual(item.difference, 6.16)
        self.assertEqual(item.effective_date, date(2026, 4, 10))
        self.assertAlmostEqual(adjustment.difference, 6.16)
        self.assertIn("6.167781", adjustment.explanation_text)
        self.assertEqual(len(adjustment.explanation["months"]), 12)
        self.assertEqual(len(self.contract.contract_line_ids), 1)

    def test_new_line_follows_the_old_one(self):
        self._bill_month(date(2026, 3, 1))
        adjustment = self._adjust()
        adjustment.action_confirm()
        self.assertEqual((adjustment.state, adjustment.done_count), ("done", 1))
        old, new = self.contract.contract_line_ids.sorted("id")
        self.assertEqual(old.date_end, date(2026, 4, 9))
        self.assertEqual((new.date_start, new.price_unit), (date(2026, 4, 10), 106.06))
        self.assertTrue(new.is_plan_line)
        self.assertEqual(self.contract.price_adjusted_on, date(2026, 4, 10))
        event = self.contract.event_ids.filtered(lambda e: e.kind == "price")
        self.assertEqual((event.mrr_before, event.mrr_after), (99.90, 106.06))
        self.assertEqual(event.effective_date, date(2026, 4, 10))
        self.assertEqual(event.price_adjustment_id, adjustment)
        self.assertEqual(
            self.contract._get_monthly_amount(date(2026, 4, 10)), event.mrr_after
        )
        self._bill_month(date(2026, 4, 1))
        charge = self.contract.charge_ids.filtered(
            lambda c: c.period_start == date(2026, 4, 10)
        )
        self.assertEqual((charge.amount, charge.kind), (106.06, "recurring"))
        self.assertEqual(charge.due_date, date(2026, 4, 10))
        self.assertLedgerIsInvoiced(self.contract)

    def test_what_is_charged_ahead_stays(self):
        """April is billed at the old price: the new one holds from 10/05."""
        self._bill_month(date(2026, 4, 1))
        adjustment = self._adjust()
        adjustment.action_confirm()
        new = self.contract.contract_line_ids.sorted("id")[-1]
        self.assertEqual(new.date_start, date(2026, 5, 10))
        self.assertFalse(self.contract.charge_ids.filtered(lambda c: c.amount < 0))

    def test_billing_between_simulation_and_confirmation_moves_the_start(self):
        adjustment = self._adjust()
        self._bill_month(date(2026, 4, 1))
        adjustment.action_confirm()
        item = adjustment.item_ids
        self.assertEqual((item.state, item.effective_date), ("done", date(2026, 5, 10)))

    def test_periods_billed_ahead_stay_due_ahead(self):
        """Reference period future: the period of 10/05 is due on 10/04."""
        contract = self._create_contract(
            activation=date(2025, 4, 10),
            reference_period="future",
            partner=self._create_customer("Ahead"),
        )
        self._bill_month(date(2026, 3, 1))
        self._adjust().action_confirm()
        new = contract.contract_line_ids.sorted("id")[-1]
        self.assertEqual(new.date_start, date(2026, 5, 10))
        self.assertEqual(new.recurring_next_date, date(2026, 4, 10))

    def test_under_twelve_months_is_left_out_and_told(self):
        young = self._create_contract(
            activation=date(2025, 4, 11), partner=self._create_customer("Young")
        )
        adjustment = self._adjust()
        item = adjustment.item_ids.filtered(lambda i: i.contract_id == young)
        self.assertEqual((item.state, item.flag), ("left_out", "too_early"))
        self.assertIn("04/11/2026", item.message)
        self.assertEqual((adjustment.too_early_count, adjustment.pending_count), (1, 1))
        later = self._adjust(effective_from=date(2026, 4, 11))
        item = later.item_ids.filtered(lambda i: i.contract_id == young)
        self.assertEqual(item.effective_date, date(2026, 5, 10))

    def test_change_of_plan_starts_the_year_anew(self):
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._change_plan(faster, date(2025, 9, 10))
        self.assertEqual(self._adjust().item_ids.flag, "too_early")

    def test_loyalty_at_a_fixed_price(self):
        self.contract.loyalty_months = 24
        self.assertEqual(self._adjust().item_ids.flag, "increase")
        self.contract.is_price_fixed_in_loyalty = True
        item = self._adjust().item_ids
        self.assertEqual((item.state, item.flag), ("left_out", "loyalty"))
        self.assertIn("04/09/2027", item.message)

    def test_index_of_the_contract_decides(self):
        other = self.env["contract.price.index"].create({"name": "O", "code": "OTH"})
        self.contract.price_index_id = other
        self.assertEqual(self._adjust().item_ids.flag, "other_index")
        self.contract.price_index_id = False
        self.assertEqual(self._adjust().item_ids.flag, "no_index")
        item = self._adjust(include_without_index=True).item_ids
        self.assertEqual(item.flag, "increase")

    def test_missing_month_is_named(self):
        with self.assertRaisesRegex(UserError, "TST has no value for 04/2026"):
            self._adjust(month=date(2026, 5, 1))

    def test_negative_index_never_lowers_unless_wanted(self):
        self.index._set_values(
            {month: Decimal("-0.5") for month in months_before(date(2026, 4, 1))}
        )
        item = self._adjust().item_ids
        self.assertEqual((item.state, item.flag), ("left_out", "unchanged"))
        # 0.995 ** 12 = 0.94162…; × 99.90 = 94.07
        item = self._adjust(never_lower=False).item_ids
        self.assertEqual((item.flag, item.amount_after), ("decrease", 94.07))

    def test_fixed_percentage(self):
        """99.90 × 1.0456 = 104.45544: R$ 104.46."""
        item = self._adjust(method="percent", percent=4.56, index_id=False).item_ids
        self.assertEqual(item.amount_after, 104.46)

    def test_discounts_and_young_services_stay(self):
        """The TV of last month waits its year; the old telephone follows."""
        common = {"quantity": 1, "recurring_rule_type": "monthly"}
        rows = (
            ("TV", self.television, 50.00, date(2026, 3, 10)),
            ("Phone", self.television, 20.00, date(2025, 4, 10)),
            ("Discount", self.internet, -10.00, date(2025, 4, 10)),
        )
        self.contract.contract_line_ids = [
            Command.create(
                {
                    **common,
                    "name": name,
                    "product_id": product.id,
                    "specific_price": price,
                    "date_start": start,
                }
            )
            for name, product, price, start in rows
        ]
        adjustment = self._adjust()
        # 99.90 + 50 + 20 − 10 = 159.90; + 6.16 + 1.23 (20 × 1.06167781 = 21.23)
        item = adjustment.item_ids
        self.assertEqual((item.amount_before, item.amount_after), (159.90, 167.29))
        adjustment.action_confirm()
        self.assertAlmostEqual(
            self.contract._get_monthly_amount(date(2026, 4, 10)), 167.29
        )
        self.assertEqual(len(self.contract.contract_line_ids), 6)

    def test_what_ends_earlier_keeps_its_price(self):
        """A service for some periods stays; a contract with an end follows."""
        self.contract.contract_line_ids.date_end = date(2027, 4, 9)
        self.contract.contract_line_ids = [
            Command.create(
                {
                    "product_id": self.television.id,
                    "name": "TV for some months",
                    "specific_price": 50.00,
                    "date_start": date(2025, 4, 10),
                    "date_end": date(2026, 8, 9),
                    "recurring_rule_type": "monthly",
                }
            )
        ]
        item = self._adjust().item_ids
        self.assertEqual((item.amount_before, item.amount_after), (149.90, 156.06))

    def test_filters(self):
        self._create_contract(
            activation=date(2025, 2, 10),
            plan=self._create_plan("Other", {self.internet: 50}),
            partner=self._create_customer("Other"),
        )
        self.assertEqual(len(self._adjust().item_ids), 2)
        self.assertEqual(
            self._adjust(plan_ids=self.plan.ids).item_ids.contract_id, self.contract
        )
        self.assertEqual(
            self._adjust(anniversary_month="4").item_ids.contract_id, self.contract
        )

    def test_second_adjustment_finds_it_done(self):
        first, second = self._adjust(), self._adjust()
        first.action_confirm()
        second.action_confirm()
        item = second.item_ids
        self.assertEqual((item.state, item.flag), ("left_out", "too_early"))
        self.assertEqual(len(self.contract.contract_line_ids), 2)
        with self.assertRaisesRegex(UserError, "somebody may have gone on"):
            first.action_confirm()
        third = self._adjust()
        with self.assertRaisesRegex(UserError, "no price to adjust"):
            third.action_confirm()

    def test_one_bad_contract_fails_alone_and_is_retried(self):
        bad = self._create_contract(
            activation=date(2025, 4, 10), partner=self._create_customer("Bad")
        )
        adjustment = self._adjust()
        items = type(adjustment.item_ids)
        original = items._begin_lines

        message = "Broken contract"

        def fail_on_bad(items):
            if bad in items.contract_id:
                raise UserError(message)
            return original(items)

        with patch.object(items, "_begin_lines", fail_on_bad):
            adjustment.action_confirm()
        self.assertEqual((adjustment.done_count, adjustment.failed_count), (1, 1))
        failed = adjustment.item_ids.filtered(lambda i: i.state == "failed")
        self.assertEqual((failed.contract_id, failed.message), (bad, message))
        self.assertEqual(len(bad.contract_line_ids), 1)
        adjustment.action_retry()
        self.assertEqual((adjustment.done_count, adjustment.failed_count), (2, 0))

    def test_undo_gives_the_old_price_back(self):
        self._bill_month(date(2026, 3, 1))
        adjustment = self._adjust()
        adjustment.action_confirm()
        adjustment.action_undo()
        self.assertEqual((adjustment.state, adjustment.done_count), ("undone", 0))
        self.assertFalse(self.contract.price_adjusted_on)
        self.assertEqual(self.contract._get_monthly_amount(date(2026, 4, 10)), 99.90)
        events = self.contract.event_ids.filtered(lambda e: e.kind == "price")
        self.assertEqual(sum(events.mapped("mrr_change")), 0)
        self._bill_month(date(2026, 4, 1))
        april = self.contract.charge_ids.filtered(
            lambda c: c.period_start == date(2026, 4, 10)
        )
        self.assertEqual(april.amount, 99.90)
        again = self._adjust(effective_from=date(2026, 5, 1))
        self.assertEqual(again.item_ids.amount_after, 106.06)

    def test_undo_leaves_what_was_charged(self):
        other = self._create_contract(
            activation=date(2025, 4, 20),
            due_day=20,
            partner=self._create_customer("Other"),
        )
        adjustment = self._adjust()
        adjustment.action_confirm()
        self._bill_month(date(2026, 4, 1), date_to=date(2026, 4, 15))
        adjustment.action_undo()
        self.assertEqual((adjustment.state, adjustment.done_count), ("done", 1))
        kept = adjustment.item_ids.filtered(lambda i: i.state == "done")
        self.assertEqual(kept.contract_id, self.contract)
        self.assertIn("charged with the new price", kept.message)
        self.assertEqual(other._get_monthly_amount(date(2026, 4, 20)), 99.90)

    def test_notice_comes_first_and_early_enough(self):
        self.partner.email = "maria@example.com"
        with freeze_time("2026-03-05"):
            adjustment = self._adjust(notice_days=30)
            with self.assertRaisesRegex(UserError, "Send the notices first"):
                adjustment.action_confirm()
            with self.assertRaisesRegex(UserError, "04/04/2026"):
                adjustment.action_send_notices()
            adjustment.effective_from = date(2026, 4, 4)
            self.assertEqual(adjustment.state, "draft")
            adjustment.action_simulate()
            adjustment.action_send_notices()
            self.assertEqual(adjustment.noticed_on, date(2026, 3, 5))
            message = self.contract.message_ids[0]
            self.assertIn("106.06", message.body)
            self.assertIn(self.contract.code, message.subject)
            self.assertEqual(message.partner_ids, self.partner)
            with self.assertRaisesRegex(UserError, "told these prices"):
                adjustment.month = date(2026, 3, 1)
            adjustment.action_confirm()
        self.assertEqual(adjustment.state, "done")

    def test_customer_without_email_is_listed(self):
        with freeze_time("2026-03-01"):
            adjustment = self._adjust(notice_days=30)
            adjustment.action_send_notices()
        self.assertEqual(adjustment.notice_failed_count, 1)
        self.assertIn("no e-mail", adjustment.item_ids.message)

    def test_many_contracts_share_the_queries(self):
        """Ten contracts more cost next to no more queries to simulate."""
        self.env.flush_all()
        self.env.invalidate_all()
        self._adjust()
        counts = []
        for _round in range(2):
            for number in range(10):
                self._create_contract(
                    activation=date(2025, 4, 10),
                    partner=self._create_customer(f"C{number}"),
                )
            adjustment = self._adjust()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            adjustment.action_simulate()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 5)


@tagged("contract_recurring", "post_install", "-at_install")
class TestPriceAdjustmentPermissions(ContractCase):
    """Who may simulate, who may confirm, and what nobody writes by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(activation=date(2025, 4, 10))
        cls.billing = cls._create_user("billing", "group_contract_billing")
        cls.manager = cls._create_user("manager", "group_contract_manager")
        cls.operator = cls._create_user("operator", "group_contract_operator")
        adjustments = cls.env["contract.price.adjustment"]
        cls.values = {
            "method": "percent",
            "percent": 5,
            "effective_from": date(2026, 4, 1),
            "notice_days": 0,
            "plan_ids": cls.plan.ids,
        }
        cls.adjustment = adjustments.with_user(cls.billing).create(cls.values)

    def test_billing_simulates_and_the_manager_confirms(self):
        self.adjustment.action_simulate()
        for step in ("action_confirm", "action_undo", "action_cancel"):
            with self.assertRaisesRegex(UserError, "Ask a manager"):
                getattr(self.adjustment, step)()
        managed = self.adjustment.with_user(self.manager)
        managed.action_confirm()
        self.assertEqual((managed.state, managed.done_count), ("done", 1))
        self.assertEqual(managed.confirmed_by_id, self.manager)

    def test_operator_only_reads(self):
        adjustments = self.env["contract.price.adjustment"].with_user(self.operator)
        with self.assertRaises(AccessError):
            adjustments.create(self.values)
        with self.assertRaises(UserError):
            self.adjustment.with_user(self.operator).action_simulate()
        self.assertTrue(self.adjustment.with_user(self.operator).name)

    def test_nobody_writes_the_state_or_an_item(self):
        self.adjustment.action_simulate()
        for values in ({"state": "done"}, {"explanation": {}}):
            with self.assertRaises(AccessError):
                self.adjustment.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.adjustment.item_ids.with_user(self.manager).write({"amount_after": 1})

    def test_another_company_is_invisible(self):
        self.adjustment.action_simulate()
        other = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for model in ("contract.price.adjustment", "contract.price.adjustment.item"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
