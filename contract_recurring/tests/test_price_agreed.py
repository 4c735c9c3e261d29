from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestPriceAgreed(BilledContractCase):
    """Another monthly amount, written on a contract in force, holds from today.

    April, 10/04 to 09/05, is billed at R$ 99.90; today is 20/04.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env.ref("contract_recurring.product_discount")
        product.property_account_income_id = cls.income_account

    def test_event_at_once(self):
        self.contract.monthly_amount = 129.90
        event = self.contract.event_ids[0]
        self.assertEqual(
            (event.kind, event.effective_date), ("price", date(2026, 4, 20))
        )
        self.assertAlmostEqual(event.mrr_before, 99.90)
        self.assertAlmostEqual(event.mrr_after, 129.90)
        self.assertIn("129.90", event.to_state)
        self.assertEqual(self.contract.price_adjusted_on, date(2026, 4, 20))

    def test_days_billed_come_back_and_are_charged_anew(self):
        """20 of 30 days: -66.60 and +86.60 beside May's 129.90 are 149.90."""
        self.contract.monthly_amount = 129.90
        self.assertAlmostEqual(self.contract.monthly_amount, 129.90)
        self.assertEqual(self._bill(5), 149.90)
        self.assertEqual(self._bill(6), 129.90)
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})
        self.assertLedgerIsInvoiced(self.contract)

    def test_percent_follows(self):
        """10 % of 99.90 leave 89.91. For 116.91 the plan costs 129.90, less 12.99."""
        self.contract._grant_discount(date(2026, 4, 11), percent=10)
        self.assertAlmostEqual(self.contract.monthly_amount, 89.91)
        self.contract.monthly_amount = 116.91
        in_force = self.contract._lines_in_force(date(2026, 4, 20))
        self.assertEqual(
            sorted(round(price, 2) for price in in_force.mapped("price_subtotal")),
            [-12.99, 129.90],
        )
        self.assertAlmostEqual(self.contract.monthly_amount, 116.91)
        self.assertAlmostEqual(self.contract.event_ids[0].mrr_change, 27.00)

    def test_announced_discount_is_not_counted_yet(self):
        """May is billed with April's difference: 20.00 + 129.90 - 12.99."""
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        self.contract.monthly_amount = 129.90
        self.assertAlmostEqual(self.contract.monthly_amount, 129.90)
        self.assertEqual(self._bill(5), 136.91)
        self.assertEqual(self._bill(6), 116.91)

    def test_discounted_in_full_is_refused(self):
        self.contract._grant_discount(date(2026, 4, 11), percent=100)
        with self.assertRaisesRegex(UserError, "discounted in full"):
            self.contract.monthly_amount = 50

    @freeze_time("2026-04-10 12:00:00")
    def test_on_the_day_of_activation(self):
        """The whole of April comes back: -99.90 + 79.90 + May's 79.90."""
        self.contract.monthly_amount = 79.90
        self.assertAlmostEqual(self.contract.event_ids[0].mrr_change, -20.00)
        self.assertEqual(self._bill(5), 59.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_draft_takes_the_price_without_a_line_more(self):
        draft = self._create_contract()
        draft.monthly_amount = 79.90
        self.assertEqual(len(draft.contract_line_ids), 1)
        self.assertEqual(self._life_events(draft).mapped("kind"), ["created"])

    def test_closed_contract_keeps_its_price(self):
        self.contract._change_state("closed", date(2026, 4, 20))
        with self.assertRaisesRegex(UserError, "not active"):
            self.contract.monthly_amount = 79.90
