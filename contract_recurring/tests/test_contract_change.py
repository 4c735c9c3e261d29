from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractChange(BilledContractCase):
    """Changes of plan and due day: explained, without gap or overlap."""

    def test_upgrade_within_a_billed_period(self):
        """April is billed 10/04 to 09/05 at 99.90. From 20/04 on the plan costs
        129.90: 20 of 30 days come back, 20 of 30 days of the new plan are due."""
        self.contract._change_plan(self.faster, date(2026, 4, 20))
        credit = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(credit.amount, -66.60)
        self.assertEqual(
            (credit.period_start, credit.period_end),
            (date(2026, 4, 20), date(2026, 5, 9)),
        )
        self.assertIn("20 of 30 days", credit.explanation_text)
        self._bill_month(date(2026, 5, 1))
        may = self.contract._get_related_invoices().filtered(
            lambda move: move.invoice_date_due == date(2026, 5, 10)
        )
        # -66.60 + 86.60 (20/30 of 129.90) + 129.90
        self.assertAlmostEqual(may.amount_untaxed, 149.90)
        self.assertEqual(self.contract.contract_template_id, self.faster)
        self.assertLedgerIsInvoiced(self.contract)
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})

    def test_change_on_the_first_day_of_an_unbilled_period(self):
        self.contract._change_plan(self.faster, date(2026, 5, 10))
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda c: c.due_date == date(2026, 5, 10)
        )
        self.assertEqual(may.mapped("amount"), [129.90])

    def test_downgrade_that_outweighs_the_next_invoice_is_a_credit_note(self):
        cheap = self._create_plan("Social", {self.internet: 9.90})
        self.contract._change_plan(cheap, date(2026, 4, 11))
        self._bill_month(date(2026, 5, 1))
        note = self.contract._get_related_invoices().filtered(
            lambda move: move.move_type == "out_refund"
        )
        # 29 of 30 days: -96.57 + 9.57, and 9.90 for May
        self.assertAlmostEqual(note.amount_untaxed, 77.10)
        self.assertEqual(note.state, "posted")
        self.assertLedgerIsInvoiced(self.contract)

    def test_second_change_before_the_first_is_billed(self):
        """The plan never used costs nothing; the days of each add up to one."""
        third = self._create_plan("Fibra 1G", {self.internet: 199.90})
        self.contract._change_plan(self.faster, date(2026, 4, 20))
        self.contract._change_plan(third, date(2026, 4, 15))
        self._bill_month(date(2026, 5, 1))
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})
        live = self.contract.charge_ids.filtered(lambda c: c.kind != "credit")
        names = live.contract_line_id.filtered(lambda line: line.is_canceled)
        self.assertFalse(names, "a line never in force is not charged")
        self.assertLedgerIsInvoiced(self.contract)

    def test_change_tells_the_recurring_revenue(self):
        self.contract._change_plan(self.faster, date(2026, 4, 20), reason="asked")
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.reason), ("plan", "asked"))
        self.assertEqual((event.from_state, event.to_state), ("Fibra 500", "Fibra 700"))
        self.assertAlmostEqual(event.mrr_change, 30.00)

    def test_price_of_the_new_plan_is_not_a_custom_one(self):
        self.contract._change_plan(self.faster, date(2026, 4, 20))
        self.assertFalse(self.contract.is_price_custom)
        fixed_term = self._create_contract(activation=date(2026, 4, 10))
        fixed_term.contract_line_ids.date_end = date(2026, 12, 31)
        self.assertFalse(fixed_term.is_price_custom)

    def test_monthly_amount_follows_the_calendar(self):
        with freeze_time("2026-04-15"):
            self.contract._change_plan(self.faster, date(2026, 4, 20))
            self.assertEqual(self.contract.monthly_amount, 99.90)
        with freeze_time("2026-04-21 03:00:00"):
            self.env["contract.contract"]._cron_refresh_monthly_amount()
            self.assertEqual(self.contract.monthly_amount, 129.90)

    def test_impossible_changes_are_refused(self):
        with self.assertRaisesRegex(UserError, "already"):
            self.contract._change_plan(self.plan, date(2026, 4, 20))
        with self.assertRaisesRegex(UserError, "cannot change"):
            self.contract._change_plan(self.faster, date(2026, 4, 1))
        draft = self._create_contract()
        with self.assertRaisesRegex(UserError, "not active"):
            draft._change_plan(self.faster, date(2026, 4, 20))

    def test_due_day_change(self):
        """Charged until 09/05; due on the 25th from then on: 15 of 30 days
        (25/04-24/05) are due on 25/05 with the first new period."""
        self.contract._change_due_day(25)
        self.assertEqual(self.contract.billing_origin, date(2026, 5, 10))
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda c: c.due_date == date(2026, 5, 25)
        ).sorted("period_start")
        self.assertEqual(may.mapped("amount"), [49.95, 99.90])
        self.assertEqual(may[0].period_start, date(2026, 5, 10))
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})

    def test_new_due_day_asks_for_nothing_in_the_month_paid(self):
        """Paid on 10/04 until 09/05; the 25th of April is no due date any more."""
        self.contract._change_due_day(25)
        self.assertEqual(self.contract.recurring_next_date, date(2026, 5, 25))
        again = self._bill_month(date(2026, 4, 1))
        self.assertFalse(again.item_ids)

    def test_new_due_day_is_never_before_the_change(self):
        """Billed after use: until 09/05 due on 10/05. On 20/05, not yet billed,
        the customer asks for the 15th, which comes in June."""
        contract = self._create_contract(
            activation=date(2026, 4, 10), reference_period="past"
        )
        with freeze_time("2026-05-20 12:00:00"):
            contract._change_due_day(15)
        self.assertEqual(contract.recurring_next_date, date(2026, 6, 15))

    def test_plan_to_come_is_billed_ahead_as_the_one_before(self):
        """Billed one period ahead: 10/06 to 09/07 is due on 10/05, at the price of
        the plan that begins with it."""
        contract = self._create_contract(
            activation=date(2026, 3, 10), reference_period="future"
        )
        self._bill_month(date(2026, 3, 1))
        self._bill_month(date(2026, 4, 1))
        contract._change_plan(self.faster, date(2026, 6, 10))
        self._bill_month(date(2026, 5, 1))
        may = contract.charge_ids.filtered(lambda c: c.due_date == date(2026, 5, 10))
        self.assertEqual(may.mapped("amount"), [129.90])
        self.assertEqual(may.period_start, date(2026, 6, 10))

    def test_due_day_change_catches_up_lines_charged_less_far(self):
        line = self.contract.contract_line_ids.copy(
            {"contract_id": self.contract.id, "date_start": date(2026, 4, 20)}
        )
        self.assertFalse(line.last_date_invoiced)
        self.contract._change_due_day(25)
        self.assertEqual(line.last_date_invoiced, date(2026, 5, 9))
        self._bill_month(date(2026, 5, 1))
        charged = sorted(line.charge_ids.mapped("amount"))
        self.assertEqual(charged, [49.95, 66.60, 99.90])
        self.assertLedgerIsInvoiced(self.contract)

    def test_plan_change_after_a_due_day_change_leaves_no_gap(self):
        """Billed until 09/05, then due on the 25th; from 20/04 on another plan:
        5 of 31 days (25/03-24/04) and the period 25/04-24/05 at 129.90."""
        self.contract._change_due_day(25)
        self.contract._change_plan(self.faster, date(2026, 4, 20))
        self._bill_month(date(2026, 5, 1))
        amounts = self.contract.charge_ids.filtered(
            lambda c: c.due_date == date(2026, 5, 25) and c.period_start
        ).sorted("period_start")
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})
        new = amounts.filtered(lambda c: c.kind != "credit")
        self.assertEqual(new[0].period_start, date(2026, 4, 20))
        self.assertEqual(new[0].amount, 20.95)
        self.assertLedgerIsInvoiced(self.contract)
