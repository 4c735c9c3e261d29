from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractSuspension(ContractCase):
    """Temporary deactivation: credit, fee, return, and who may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(activation=date(2026, 4, 10))
        cls.startClassPatcher(freeze_time("2026-04-10 15:00:00"))
        cls._bill_month(date(2026, 4, 1))

    def _pay(self, contract):
        moves = contract._get_related_invoices().filtered(
            lambda move: move.payment_state == "not_paid"
        )
        for move in moves:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({})._create_payments()

    def _get_days_charged(self, contract):
        """Leave out the days that came back: the contract was suspended."""
        days = super()._get_days_charged(contract)
        return {day: times for day, times in days.items() if times}

    def test_days_charged_ahead_come_back(self):
        """Billed 10/04-09/05. Suspended 20/04-19/05 (30 days): 20 of 30 days come
        back, and the return on 20/05 charges 21 of 31 days of 99.90."""
        self._pay(self.contract)
        with freeze_time("2026-04-20 15:00:00"):
            preview = self.contract._preview_suspension(
                date(2026, 4, 20), date(2026, 5, 19)
            )
            self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19), "travelling")
        self.assertEqual(preview, (66.60, 0.0))
        self.assertEqual(self.contract.lifecycle_state, "suspended")
        credit = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(credit.amount, -66.60)
        with freeze_time("2026-05-20 15:00:00"):
            self.env["contract.contract"]._cron_follow_suspensions()
        self.assertEqual(self.contract.lifecycle_state, "active")
        self._bill_month(date(2026, 6, 1))
        june = self.contract.charge_ids.filtered(
            lambda c: c.due_date == date(2026, 6, 10)
        )
        # back on 20/05: 21 of the 31 days of 10/05-09/06 = 67.67 (99.90 - 32.23)
        self.assertEqual(sorted(june.mapped("amount")), [-66.60, 67.67, 99.90])
        days = self._get_days_charged(self.contract)
        self.assertEqual(set(days.values()), {1})
        self.assertNotIn(date(2026, 4, 20), days)
        self.assertNotIn(date(2026, 5, 19), days)
        self.assertIn(date(2026, 5, 20), days)
        self.assertLedgerIsInvoiced(self.contract)

    def test_open_suspension_lasts_as_long_as_allowed(self):
        suspension = self.contract._suspend(date(2026, 4, 20))
        self.assertEqual(suspension.date_until, date(2026, 8, 17))  # 120 days

    def test_start_to_come_is_taken_by_the_cron(self):
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19), "travelling")
        self.assertEqual(self.contract.lifecycle_state, "active")
        contracts = self.env["contract.contract"]
        # 22:30 of 19/04 in São Paulo
        with freeze_time("2026-04-20 01:30:00"):
            contracts._cron_follow_suspensions()
        self.assertEqual(self.contract.lifecycle_state, "active")
        contracts._cron_follow_suspensions(date(2026, 4, 20))
        self.assertEqual(self.contract.lifecycle_state, "suspended")
        event = self._life_events(self.contract)[-1]
        self.assertEqual(event.effective_date, date(2026, 4, 20))
        self.assertEqual((event.reason, event.mrr_change), ("travelling", 0.0))

    def test_stopped_cron_writes_both_events_later(self):
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19))
        contracts = self.env["contract.contract"]
        contracts._cron_follow_suspensions(date(2026, 7, 1))
        contracts._cron_follow_suspensions(date(2026, 7, 1))
        days = self._life_events(self.contract)[-2:].mapped("effective_date")
        self.assertEqual(days, [date(2026, 4, 20), date(2026, 5, 20)])
        self.assertEqual(self.contract.lifecycle_state, "active")

    def test_fee_while_suspended(self):
        """30.00 a month: 20 of the 30 days to 09/05 = 20.00, 10 of the 31 days
        from 10/05 = 9.68."""
        self.contract.suspension_fee = 30.0
        window = date(2026, 4, 20), date(2026, 5, 19)
        preview = self.contract._preview_suspension(*window)
        self.contract._suspend(*window)
        self.assertEqual(preview, (66.60, 29.68))
        self._bill_month(date(2026, 5, 1))
        fees = self.contract.charge_ids.filtered("contract_line_id.is_suspension_fee")
        self.assertEqual(sorted(fees.mapped("amount")), [9.68, 20.0])
        self.assertEqual(self.contract.monthly_amount, 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_earlier_return_moves_the_lines(self):
        self._pay(self.contract)
        with freeze_time("2026-04-20 15:00:00"):
            self.contract._suspend(date(2026, 4, 20), date(2026, 5, 31))
        with freeze_time("2026-05-05 15:00:00"):
            self.contract._return_from_suspension(date(2026, 5, 6))
            self.assertEqual(self.contract.lifecycle_state, "suspended")
        self.env["contract.contract"]._cron_follow_suspensions(date(2026, 5, 6))
        self.assertEqual(self.contract.lifecycle_state, "active")
        self._bill_month(date(2026, 5, 1))
        days = self._get_days_charged(self.contract)
        self.assertNotIn(date(2026, 5, 5), days)
        self.assertEqual(days[date(2026, 5, 6)], 1)
        self.assertEqual(set(days.values()), {1})

    def test_earlier_return_after_the_return_was_billed(self):
        """The run billed 20/05-09/06 ahead: the days before are added."""
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19))
        self._bill_month(date(2026, 6, 1))
        self.env["contract.contract"]._cron_follow_suspensions(date(2026, 4, 20))
        self.contract._return_from_suspension(date(2026, 5, 15), date(2026, 5, 15))
        self._bill_month(date(2026, 7, 1))
        days = self._get_days_charged(self.contract)
        self.assertEqual(days[date(2026, 5, 15)], 1)
        self.assertEqual(set(days.values()), {1})
        self.assertLedgerIsInvoiced(self.contract)

    def test_planned_suspension_is_withdrawn(self):
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19))
        self.contract._return_from_suspension(date(2026, 4, 20))
        self.assertFalse(self.contract.open_suspension_id)
        self._bill_month(date(2026, 5, 1))
        days = self._get_days_charged(self.contract)
        self.assertEqual(set(days.values()), {1})
        self.assertEqual(days[date(2026, 4, 20)], 1)
        self.contract._suspend(date(2026, 6, 1))  # one withdrawn does not count

    def test_limits_of_the_company(self):
        with self.assertRaisesRegex(UserError, "between 30 and 120 days"):
            self.contract._suspend(date(2026, 4, 20), date(2026, 5, 18))
        with self.assertRaisesRegex(UserError, "between 30 and 120 days"):
            self.contract._suspend(date(2026, 4, 20), date(2026, 8, 18))
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19))
        self.env["contract.contract"]._cron_follow_suspensions(date(2026, 6, 1))
        with self.assertRaisesRegex(UserError, "once in 12 months"):
            self.contract._suspend(date(2027, 4, 19))
        self.contract._suspend(date(2027, 4, 20))

    def test_contract_in_debt_is_not_suspended(self):
        with freeze_time("2026-04-20 15:00:00"):
            with self.assertRaisesRegex(UserError, "overdue since"):
                self.contract._suspend(date(2026, 4, 20))
            self._pay(self.contract)
            self.contract.invalidate_recordset()
            self.contract._suspend(date(2026, 4, 20))

    def test_changes_wait_for_the_end_of_a_suspension(self):
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._suspend(date(2026, 4, 20))
        with self.assertRaisesRegex(UserError, "End that suspension first"):
            self.contract._change_plan(faster, date(2026, 4, 15))
        with self.assertRaisesRegex(UserError, "End that suspension first"):
            self.contract._suspend(date(2026, 5, 20))

    def test_return_outside_the_window_is_refused(self):
        with self.assertRaisesRegex(UserError, "is not suspended"):
            self.contract._return_from_suspension(date(2026, 5, 1))
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19))
        with self.assertRaisesRegex(UserError, "comes by itself"):
            self.contract._return_from_suspension(date(2026, 5, 20))

    def test_service_that_ends_meanwhile_does_not_return(self):
        line = self.contract.contract_line_ids.copy(
            {
                "contract_id": self.contract.id,
                "date_start": date(2026, 4, 15),
                "date_end": date(2026, 5, 10),
            }
        )
        self.contract._suspend(date(2026, 4, 20), date(2026, 5, 19))
        self.assertEqual(line.date_end, date(2026, 4, 19))
        successors = self.contract.contract_line_ids.filtered("suspension_id")
        self.assertEqual(len(successors), 1)
        self.contract._return_from_suspension(date(2026, 5, 5))
        successors = self.contract.contract_line_ids.filtered("suspension_id")
        self.assertIn(date(2026, 5, 10), successors.mapped("date_end"))

    def test_wizard_by_operator_and_not_by_reader(self):
        operator = self._create_user("operator", "group_contract_operator")
        reader = self._create_user("reader", "group_contract_reader")
        wizard = (
            self.env["contract.suspend"]
            .with_user(operator)
            .with_context(active_id=self.contract.id)
            .create({"date": date(2026, 4, 20), "date_until": date(2026, 5, 19)})
        )
        self.assertIn("66.60", wizard.preview)
        self.assertIn("Service again on 05/20/2026", wizard.preview)
        self.assertEqual((wizard.monthly_before, wizard.monthly_after), (99.90, 0.0))
        # billed to 09/05: 20 of 30 days of 99.90 come back with the next invoice
        self.assertAlmostEqual(wizard.credit_amount, 66.60)
        self.assertEqual(wizard.next_due_date, date(2026, 5, 10))
        self.assertAlmostEqual(wizard.next_amount, -66.60)
        self.assertFalse(self.contract.open_suspension_id, "shown, not done")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader)._suspend(date(2026, 4, 20))
        wizard.action_apply()
        self.assertTrue(self.contract.open_suspension_id)
        resume = (
            self.env["contract.resume"]
            .with_user(operator)
            .with_context(active_id=self.contract.id)
            .create({})
        )
        self.assertEqual(resume.date, date(2026, 4, 20))
        # withdrawn: the 20 days are charged again, and 10/05-09/06 as always
        self.assertEqual((resume.monthly_before, resume.monthly_after), (0.0, 99.90))
        self.assertAlmostEqual(resume.prorata_amount, 66.60)
        self.assertAlmostEqual(resume.next_amount, 99.90)
        resume.action_apply()
        self.assertFalse(self.contract.open_suspension_id)

    def test_preview_shows_the_fee_and_follows_the_invoice(self):
        """A fee of 30.00 a month, 20/04-19/05: 20 of 30 days = 20.00 until 09/05,
        then 10 of 31 days = 9.68; the invoice of 10/05 is as it was shown."""
        self._pay(self.contract)
        self.contract.suspension_fee = 30.0
        with freeze_time("2026-04-20 15:00:00"):
            wizard = (
                self.env["contract.suspend"]
                .with_context(active_id=self.contract.id)
                .create({"date": date(2026, 4, 20), "date_until": date(2026, 5, 19)})
            )
            self.assertIn("without service: $\xa029.68", wizard.preview)
            self.assertEqual(wizard.monthly_after, 30.0)
            shown = wizard.next_amount
            wizard.action_apply()
        charges = self.contract._enter_due_charges(date(2026, 4, 20), date(2026, 5, 10))
        due = charges.filtered(lambda charge: charge.due_date == date(2026, 5, 10))
        self.assertAlmostEqual(sum(due.mapped("amount")), shown)
        self.assertAlmostEqual(shown, -66.60 + 20.00 + 9.68)

    def test_dialogs_tell_beforehand_what_cannot_be(self):
        suspend = self.env["contract.suspend"].with_context(active_id=self.contract.id)
        too_short = suspend.create(
            {"date": date(2026, 4, 20), "date_until": date(2026, 4, 25)}
        )
        self.assertRegex(too_short.obstacle, "between 30 and 120 days; these are 6")
        self.assertFalse(too_short.preview)
        with freeze_time("2026-04-20 15:00:00"):
            self.contract.invalidate_recordset()
            in_debt = suspend.create({"date": date(2026, 4, 20)})
            self.assertIn("overdue since 04/10/2026", in_debt.obstacle)
        with freeze_time("2026-04-20 15:00:00"):
            resume = self.env["contract.resume"]
            wizard = resume.with_context(active_id=self.contract.id).create({})
            self.assertIn("not suspended", wizard.obstacle)
