from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractReactivation(ContractCase):
    """A cancelled contract comes back on the same terms, and is billed again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-04-30 15:00:00"))
        cls.contract = cls._create_contract(
            activation=date(2026, 4, 10),
            loyalty_months=12,
            loyalty_penalty_amount=300.0,
        )
        cls.reason = cls.env.ref("contract_recurring.terminate_reason_price")
        cls._bill_month(date(2026, 4, 1))
        cls.contract._close(date(2026, 4, 30), cls.reason)

    def test_billing_goes_on_from_the_day(self):
        """Back on 20/05: 21 of 31 days of 99.90 = 67.67, then 99.90 a month."""
        self.contract._reactivate(date(2026, 5, 20), reason="came back")
        self.assertEqual(self.contract.lifecycle_state, "active")
        self.assertFalse(self.contract.is_terminated)
        self.assertFalse(self.contract.terminate_date)
        self._bill_month(date(2026, 6, 1))
        line = self.contract.contract_line_ids.filtered("continues_id")
        self.assertEqual(sorted(line.charge_ids.mapped("amount")), [67.67, 99.90])
        self.assertLedgerIsInvoiced(self.contract)

    def test_suspension_that_never_came_is_forgotten(self):
        """To rest from 20/05 to 18/06; cancelled on 30/04 and back on 10/05, the
        customer never rests: 99.90 from 10/05 to 09/06."""
        contract = self._create_contract(activation=date(2026, 4, 10))
        contract._suspend(date(2026, 5, 20), date(2026, 6, 18))
        contract._close(date(2026, 4, 30), self.reason)
        contract._reactivate(date(2026, 5, 10))
        self.assertEqual(contract.suspension_ids.state, "cancelled")
        self._bill_month(date(2026, 5, 1))
        charge = contract.charge_ids.filtered(
            lambda charge: charge.period_start >= date(2026, 5, 10)
        )
        self.assertEqual(charge.amount, 99.90)
        self.assertEqual(charge.period_end, date(2026, 6, 9))

    def test_recurring_revenue_comes_back(self):
        self.contract._reactivate(date(2026, 5, 20))
        event = self._life_events(self.contract)[-1]
        self.assertEqual((event.from_state, event.to_state), ("closed", "active"))
        self.assertAlmostEqual(event.mrr_change, 99.90)

    def test_loyalty_is_restarted_only_if_asked(self):
        self.contract._reactivate(date(2026, 5, 20))
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 4, 9))
        self.assertEqual(
            self.contract._get_loyalty_penalty(date(2026, 8, 9)),
            0.0,
            "its penalty was charged once",
        )

    def test_loyalty_restarted(self):
        self.contract._reactivate(date(2026, 5, 20), is_loyalty_restarted=True)
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 5, 19))
        # 20/05-19/09: 4 months used
        self.assertEqual(self.contract._get_loyalty_penalty(date(2026, 9, 19)), 200.0)

    def test_cancelled_and_reactivated_again(self):
        self.contract._reactivate(date(2026, 5, 20))
        self.contract._close(date(2026, 6, 19), self.reason, today=date(2026, 6, 19))
        self.contract._reactivate(date(2026, 7, 1))
        live = self.contract._lines_in_force(date(2026, 7, 1))
        self.assertEqual(len(live), 1)
        self.assertEqual(live.monthly_recurring, 99.90)

    def test_impossible_reactivations_are_refused(self):
        with self.assertRaisesRegex(UserError, "05/01/2026 or later"):
            self.contract._reactivate(date(2026, 4, 30))
        reader = self._create_user("reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader)._reactivate(date(2026, 5, 20))
        self.contract.action_deactivate()
        with self.assertRaisesRegex(UserError, "nothing to reactivate"):
            self.contract._reactivate(date(2026, 5, 20))

    def test_contract_cancelled_while_suspended_comes_back_at_once(self):
        contract = self._create_contract(activation=date(2026, 4, 10))
        contract._suspend(date(2026, 4, 30), date(2026, 8, 1))
        contract._close(date(2026, 4, 30), self.reason)
        contract._reactivate(date(2026, 5, 10))
        self.assertEqual(
            contract._lines_in_force(date(2026, 5, 10)).date_start, date(2026, 5, 10)
        )

    def test_wizard_by_operator(self):
        operator = self._create_user("operator", "group_contract_operator")
        wizard = (
            self.env["contract.reactivate"]
            .with_user(operator)
            .with_context(active_id=self.contract.id)
            .create({"date": date(2026, 5, 20)})
        )
        self.assertIn("99.90", wizard.preview)
        self.assertEqual((wizard.monthly_before, wizard.monthly_after), (0.0, 99.90))
        # left over: 11/12 of 300.00 and 9 of 30 days of 99.90 back
        self.assertEqual(wizard.next_due_date, date(2026, 5, 10))
        self.assertAlmostEqual(wizard.next_amount, 275.0 - 29.97)
        self.assertEqual(self.contract.lifecycle_state, "closed", "shown, not done")
        wizard.action_apply()
        self.assertEqual(self.contract.lifecycle_state, "active")

    def test_dialog_proposes_the_first_day_possible(self):
        wizard = (
            self.env["contract.reactivate"]
            .with_context(active_id=self.contract.id)
            .create({})
        )
        self.assertEqual(wizard.date, date(2026, 5, 1), "the day after the last")
        wizard.date = date(2026, 4, 30)
        self.assertIn("05/01/2026 or later", wizard.obstacle)

    def test_full_preview_of_a_return_in_a_billed_month(self):
        """Back on 01/05: 9 of 30 days of 99.90 = 29.97, and 10/05-09/06 whole."""
        wizard = (
            self.env["contract.reactivate"]
            .with_context(active_id=self.contract.id)
            .create({"date": date(2026, 5, 1)})
        )
        self.assertAlmostEqual(wizard.prorata_amount, 29.97)
        self.assertAlmostEqual(wizard.next_amount, 275.0 - 29.97 + 29.97 + 99.90)
        wizard.action_apply()
        self._bill_month(date(2026, 5, 1))
        invoice = self.contract._get_related_invoices().filtered(
            lambda move: move.invoice_date_due == date(2026, 5, 10)
        )
        self.assertAlmostEqual(invoice.amount_untaxed, 374.90)
