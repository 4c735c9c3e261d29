import doctest
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..tools import day_spans, discount_spans, recurring_charge
from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractDiscount(BilledContractCase):
    """Discounts by value and percent, by the day, following the prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env.ref("contract_recurring.product_discount")
        product.property_account_income_id = cls.income_account

    def test_calculations_explain_themselves(self):
        for module in (day_spans, discount_spans, recurring_charge):
            self.assertFalse(doctest.testmod(module).failed)

    def test_percent_with_validity(self):
        """10 % from 20/04 to 31/05: 20/30 of 9.99 are 6.66, 22/31 are 7.09."""
        form = Form(
            self.env["contract.give.discount"].with_context(active_id=self.contract.id)
        )
        form.discount_percent = 10
        form.date_to = date(2026, 5, 31)
        form.reason = "complaint"
        wizard = form.save()
        self.assertAlmostEqual(wizard.monthly_after, 89.91)
        self.assertAlmostEqual(wizard.next_amount, 86.15)
        wizard.action_apply()
        self.assertEqual(self._bill(5), 86.15)
        self.assertEqual(self._bill(6), 99.90)
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.reason), ("discount", "complaint"))
        self.assertAlmostEqual(event.mrr_change, -9.99)
        self.assertLedgerIsInvoiced(self.contract)

    def test_value(self):
        self.contract._grant_discount(date(2026, 5, 10), amount=20.0)
        self.assertEqual(self._bill(5), 79.90)
        self.assertEqual(self._bill(6), 79.90)

    def test_percent_follows_a_plan_change(self):
        """May is billed at 99.90 - 9.99. From 20/05 on, 21 of 31 days: -67.67 and
        88.00 of the plans, 6.77 and -8.80 of the discounts; June 129.90 - 12.99."""
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        self.assertEqual(self._bill(5), 89.91)
        with freeze_time("2026-05-20 12:00:00"):
            self.contract._change_plan(self.faster, date(2026, 5, 20))
        self.assertEqual(self._bill(6), 135.21)
        self.assertEqual(self._bill(7), 116.91)
        self.assertAlmostEqual(self.contract.event_ids[0].mrr_change, 27.0)

    def test_lines_stay_where_the_price_does(self):
        """What is charged already is not taken back and charged again."""
        self.contract._grant_discount(date(2026, 4, 20), percent=10)
        lines, charges = self.contract.contract_line_ids, self.contract.charge_ids
        self.contract._reprice_discounts(date(2026, 5, 1))
        self.assertEqual(self.contract.contract_line_ids, lines)
        self.assertEqual(self.contract.charge_ids, charges)

    def test_percent_follows_an_adjusted_price(self):
        """5 % on 99.90 are 104.90 (104.895 half-up) from 10/05 on: 10 % are 10.49."""
        self.contract._grant_discount(date(2026, 4, 20), percent=10)
        self.contract.price_adjusted_on = date(2025, 4, 10)
        adjustment = self.env["contract.price.adjustment"].create(
            {"method": "percent", "percent": 5, "notice_days": 0}
        )
        adjustment.action_simulate()
        item = adjustment.item_ids
        self.assertAlmostEqual(item.amount_before, 89.91)
        self.assertAlmostEqual(item.amount_after, 94.41)
        adjustment.action_confirm()
        event = self.contract.event_ids[0]
        self.assertAlmostEqual(event.mrr_after, 94.41)
        self.assertEqual(event.price_adjustment_id, adjustment)
        # 20 of 30 days of 9.99 for April
        self.assertEqual(self._bill(5), round(104.90 - 10.49 - 6.66, 2))

    def test_percent_follows_the_price_back(self):
        self.contract._grant_discount(date(2026, 4, 20), percent=10)
        self.contract.price_adjusted_on = date(2025, 4, 10)
        adjustment = self.env["contract.price.adjustment"].create(
            {"method": "percent", "percent": 5, "notice_days": 0}
        )
        adjustment.action_simulate()
        adjustment.action_confirm()
        adjustment.action_undo()
        self.assertAlmostEqual(
            self.contract._get_monthly_amount(date(2026, 5, 10)), 89.91
        )
        self.assertAlmostEqual(
            self.contract._get_told_revenue(date(2026, 5, 10)), 89.91
        )

    def test_discount_has_the_taxes_of_what_it_is_taken_off(self):
        """10 % less of 99.90 taxed at 5 %: 89.91 and 4.50 (4.4955) of tax."""
        tax = self.env["account.tax"].create(
            {"name": "ISS", "amount": 5.0, "amount_type": "percent"}
        )
        self.internet.taxes_id = tax
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        self._bill(5)
        invoice = self.contract._get_related_invoices().filtered(
            lambda move: move.invoice_date_due == date(2026, 5, 10)
        )
        self.assertEqual(invoice.invoice_line_ids.tax_ids, tax)
        self.assertAlmostEqual(invoice.amount_untaxed, 89.91)
        self.assertAlmostEqual(invoice.amount_tax, 4.50)

    def test_whole_discount_on_a_part_of_a_period_leaves_nothing(self):
        """From 20/04 on 20 of 30 days: 66.60 of 99.90, and twice 6.65 of 9.97
        (6.6467), 79.90 together. Of their sum, 119.84, it would be 79.89."""
        for price in (9.97, 9.97):
            service = {
                "product_id": self.television.id,
                "name": "TV",
                "quantity": 1.0,
                "uom_id": self.television.uom_id.id,
                "price_unit": price,
            }
            self.contract._add_service(service, date(2026, 4, 20))
        self.contract._grant_discount(
            date(2026, 4, 20), percent=100, date_to=date(2026, 5, 9)
        )
        # April is billed at 99.90 already, which comes back for 20 of 30 days
        self.assertEqual(self._bill(5), round(119.84 - 66.60, 2))

    def test_discount_withdrawn_before_it_begins_never_takes_off(self):
        discount = self.contract._grant_discount(date(2026, 5, 10), percent=10)
        self.contract._end_discount(discount, date(2026, 5, 1))
        self.assertTrue(discount.is_withdrawn)
        self.assertEqual(self._bill(5), 99.90)
        self.assertAlmostEqual(
            self.contract._get_told_revenue(date(2026, 5, 10)), 99.90
        )

    def test_events_tell_the_end_of_a_discount(self):
        """89.91 until 31/05, and 99.90 again from 01/06 on."""
        self.contract._grant_discount(
            date(2026, 4, 20), percent=10, date_to=date(2026, 5, 31)
        )
        told = self.contract._get_told_revenue
        self.assertAlmostEqual(told(date(2026, 4, 19)), 99.90)
        self.assertAlmostEqual(told(date(2026, 5, 31)), 89.91)
        self.assertAlmostEqual(told(date(2026, 6, 1)), 99.90)

    def test_discount_goes_on_after_a_suspension(self):
        """10 % of 99.90 before and after the rest, of 129.90 from 20/06 on."""
        contract = self._create_contract(activation=date(2026, 4, 15))
        contract._grant_discount(date(2026, 5, 10), percent=10)
        contract._suspend(date(2026, 5, 20), date(2026, 6, 18))
        monthly = contract._get_monthly_amount
        self.assertAlmostEqual(monthly(date(2026, 6, 19)), 89.91)
        with freeze_time("2026-06-20 12:00:00"):
            contract._cron_follow_suspensions()
            contract._change_plan(self.faster, date(2026, 6, 20))
        self.assertAlmostEqual(monthly(date(2026, 6, 20)), 116.91)

    def test_percent_follows_a_service_that_ends_by_time(self):
        """TV at 20.00 until 09/06: 10 % of 119.90 are 11.99, then 9.99."""
        service = {
            "product_id": self.television.id,
            "name": "TV",
            "quantity": 1.0,
            "uom_id": self.television.uom_id.id,
            "price_unit": 20.0,
        }
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        self.contract._add_service(service, date(2026, 5, 10), periods=1)
        self.assertEqual(self._bill(5), 107.91)
        self.assertEqual(self._bill(6), 89.91)

    def test_price_never_falls_below_zero(self):
        cheap = self._create_plan("Social", {self.internet: 9.90})
        self.contract._grant_discount(date(2026, 5, 10), amount=50.0)
        self.contract._grant_discount(date(2026, 5, 10), percent=30)
        self.assertAlmostEqual(
            self.contract._get_monthly_amount(date(2026, 5, 10)), 19.93
        )
        self.contract._change_plan(cheap, date(2026, 6, 10))
        self.assertEqual(self._bill(5), 19.93)
        self.assertEqual(self._bill(6), 0.0)

    def test_whole_price_for_nothing(self):
        self.contract._grant_discount(date(2026, 5, 10), percent=100)
        self.assertEqual(self._bill(5), 0.0)

    def test_ended_before_its_time(self):
        """Ended on 20/05, 21 of 31 days of the 9.99 taken off are charged."""
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        self._bill(5)
        with freeze_time("2026-05-20 12:00:00"):
            line = self.contract.service_line_ids
            self.contract._remove_service(line, date(2026, 5, 20))
        self.assertEqual(self.contract.discount_ids.date_to, date(2026, 5, 19))
        self.assertEqual(self._bill(6), 106.67)

    def test_impossible_discounts_are_refused(self):
        day = date(2026, 5, 10)
        for values in (
            {"percent": 101},
            {"percent": 0},
            {"amount": 99.91},
            {"amount": -1.0},
            {"percent": 10, "date_to": date(2026, 5, 9)},
        ):
            with self.assertRaises(UserError):
                self.contract._grant_discount(day, **values)
        self.assertFalse(self.contract.discount_ids)
        self.contract._grant_discount(day, amount=60.0)
        with self.assertRaisesRegex(UserError, "cannot exceed"):
            self.contract._grant_discount(day, amount=60.0)
