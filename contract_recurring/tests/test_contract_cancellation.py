from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..const import LIFECYCLE_STEPS
from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractCancellation(ContractCase):
    """The end of a contract: final pro-rata, penalty, equipment, reasons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-04-30 15:00:00"))
        cls.contract = cls._create_contract(activation=date(2026, 4, 10))
        cls.reason = cls.env.ref("contract_recurring.terminate_reason_moved")
        cls._bill_month(date(2026, 4, 1))

    def _set_loyalty(self):
        self.contract.write({"loyalty_months": 12, "loyalty_penalty_amount": 300.0})

    def _lend(self, value=250.0):
        return self.env["contract.equipment"].create(
            {
                "contract_id": self.contract.id,
                "product_id": self._create_product("ONT").id,
                "serial_number": "ABC123",
                "value": value,
            }
        )

    def test_days_charged_ahead_come_back(self):
        """Billed until 09/05, last day 30/04: 9 of 30 days of 99.90 = 29.97."""
        preview = self.contract._preview_closing(date(2026, 4, 30))
        self.contract._close(date(2026, 4, 30), self.reason)
        self._bill_month(date(2026, 5, 1))
        note = self.contract._get_related_invoices().filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertAlmostEqual(note.amount_untaxed, 29.97)
        self.assertAlmostEqual(sum(amount for _label, amount in preview), -29.97)
        self.assertFalse(self.contract.recurring_next_date)
        self.assertLedgerIsInvoiced(self.contract)

    def test_charge_that_waits_beyond_the_last_day_is_dropped(self):
        """May was billed and its invoice cancelled: only 9 days of April remain."""
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda charge: charge.period_start == date(2026, 5, 10)
        )
        may.move_id.button_draft()
        may.move_id.button_cancel()
        self.assertEqual(may.state, "pending")
        preview = self.contract._preview_closing(date(2026, 4, 30))
        self.assertEqual([round(amount, 2) for _label, amount in preview], [-29.97])
        self.contract._close(date(2026, 4, 30), self.reason)
        self.assertEqual(may.state, "cancelled")

    def test_cancellation_ends_the_recurring_revenue(self):
        self.contract._close(date(2026, 4, 30), self.reason)
        event = self._life_events(self.contract)[-1]
        self.assertEqual((event.from_state, event.to_state), ("active", "closed"))
        self.assertAlmostEqual(event.mrr_change, -99.90)
        self.assertEqual(event.effective_date, date(2026, 5, 1))
        self.assertTrue(self.contract.is_terminated)
        self.assertEqual(self.contract.terminate_reason_id, self.reason)
        self.assertEqual(self.contract.terminate_date, date(2026, 4, 30))

    def test_days_not_billed_are_charged(self):
        """Last day 20/05, billed until 09/05: 11 of 31 days of 99.90 = 35.45."""
        with freeze_time("2026-05-20 15:00:00"):
            preview = self.contract._preview_closing(date(2026, 5, 20))
            self.contract._close(date(2026, 5, 20), self.reason)
            self._bill_month(date(2026, 5, 1))
        last = self.contract.charge_ids.sorted("period_start")[-1]
        self.assertEqual((last.amount, last.period_end), (35.45, date(2026, 5, 20)))
        self.assertEqual([round(amount, 2) for _label, amount in preview], [35.45])

    def test_loyalty_penalty_by_the_months_left(self):
        """Loyalty 10/04/2026-09/04/2027, last day 09/08: 8 of 12 months."""
        self._set_loyalty()
        self.contract._close(date(2026, 8, 9), self.reason, today=date(2026, 8, 9))
        penalty = self.contract.charge_ids.filtered(lambda c: c.kind == "penalty")
        self.assertEqual(penalty.amount, 200.0)
        self.assertIn("8 of 12 months left", penalty.explanation_text)
        self.assertIn("765/2023", penalty.explanation_text)
        self.assertEqual(penalty.due_date, date(2026, 8, 10))

    def test_no_penalty_after_the_loyalty_term(self):
        self._set_loyalty()
        self.assertEqual(self.contract._get_loyalty_penalty(date(2027, 4, 8)), 0.0)
        self.assertEqual(self.contract._get_loyalty_penalty(date(2027, 3, 9)), 25.0)
        self.assertEqual(self.contract._get_loyalty_penalty(date(2027, 4, 9)), 0.0)

    def test_no_penalty_within_the_trial(self):
        contract = self._create_contract(
            activation=date(2026, 4, 20),
            trial_days=15,
            loyalty_months=12,
            loyalty_penalty_amount=300.0,
        )
        self.assertEqual(contract._get_loyalty_penalty(date(2026, 4, 30)), 0.0)
        self.assertEqual(contract._get_loyalty_penalty(date(2026, 5, 19)), 275.0)

    def test_final_invoice_is_as_shown_before(self):
        """Penalty 11/12 of 300 = 275.00, credit -29.97, lost device 250.00."""
        self._set_loyalty()
        device = self._lend()
        wizard = (
            self.env["contract.close"]
            .with_context(active_id=self.contract.id)
            .create(
                {
                    "last_day": date(2026, 4, 30),
                    "reason_id": self.reason.id,
                    "lost_equipment_ids": [Command.set(device.ids)],
                }
            )
        )
        self.assertEqual(wizard.lent_equipment_ids, device)
        self.assertAlmostEqual(wizard.loyalty_penalty, 275.0)
        self.assertAlmostEqual(wizard.final_amount, 495.03)
        self.assertEqual(wizard.final_due_date, date(2026, 5, 10))
        self.assertFalse(wizard.obstacle)
        wizard.action_close()
        self._bill_month(date(2026, 5, 1))
        final = self.contract._get_related_invoices().filtered(
            lambda move: move.invoice_date_due == date(2026, 5, 10)
        )
        self.assertAlmostEqual(final.amount_untaxed, 495.03)
        self.assertEqual(device.state, "lost")
        self.assertIn("ABC123", device.charge_id.explanation_text)
        self.assertLedgerIsInvoiced(self.contract)

    def test_dialog_tells_beforehand_what_cannot_be(self):
        closing = self.env["contract.close"].with_context(active_id=self.contract.id)
        early = closing.create(
            {"last_day": date(2026, 3, 1), "reason_id": self.reason.id}
        )
        self.assertIn("too early", early.obstacle)
        self.contract._close(date(2026, 4, 30), self.reason)
        twice = closing.create(
            {"last_day": date(2026, 4, 30), "reason_id": self.reason.id}
        )
        self.assertIn("cancelled already", twice.obstacle)

    def test_reasons_are_read_in_the_language_of_the_staff(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        reason = self.reason.with_context(lang="pt_BR")
        reason.name = "Preço alto"
        self.assertNotEqual(self.reason.with_context(lang="en_US").name, reason.name)

    def test_waiver_needs_the_permission_and_a_reason(self):
        self._set_loyalty()
        billing = self._create_user("billing", "group_contract_billing")
        billing.group_ids += self.env.ref("contract_recurring.group_contract_cancel")
        manager = self._create_user("manager", "group_contract_manager")
        with self.assertRaises(AccessError):
            self.contract.with_user(billing)._close(
                date(2026, 4, 30), self.reason, waive="friend"
            )
        with self.assertRaisesRegex(UserError, "Say why"):
            self.contract.with_user(manager)._close(
                date(2026, 4, 30), self.reason, waive=" "
            )
        self.contract.with_user(manager)._close(
            date(2026, 4, 30), self.reason, waive="no coverage there"
        )
        self.assertNotIn("penalty", self.contract.charge_ids.mapped("kind"))
        waived = self.contract.event_ids.filtered(lambda e: e.kind == "closing")
        self.assertIn("no coverage there", waived.reason)

    def test_cancelling_needs_the_permission(self):
        operator = self._create_user("operator", "group_contract_operator")
        reason = self.reason.with_user(operator)
        contract = self.contract.with_user(operator)
        self._set_loyalty()
        with self.assertRaisesRegex(AccessError, "may not cancel"):
            contract._close(date(2026, 4, 30), reason)
        operator.group_ids += self.env.ref("contract_recurring.group_contract_cancel")
        contract._close(date(2026, 6, 30), reason)
        contract._withdraw_closing()
        contract._close(date(2026, 4, 30), reason)
        self.assertEqual(self.contract.lifecycle_state, "closed")

    def test_day_to_come_is_taken_by_the_cron(self):
        self.contract._close(date(2026, 6, 15), self.reason)
        self.assertEqual(self.contract.lifecycle_state, "active")
        self.assertTrue(self.contract.is_closing_planned)
        self._bill_month(date(2026, 5, 1))
        self._bill_month(date(2026, 6, 1))
        contracts = self.env["contract.contract"]
        # the last day is one of service, and it is paid
        contracts._cron_follow_closings(date(2026, 6, 15))
        self.assertEqual(self.contract.lifecycle_state, "active")
        with freeze_time("2026-06-20 15:00:00"):
            contracts._cron_refresh_monthly_amount()
            contracts._cron_follow_closings()
            contracts._cron_follow_closings()
        self.assertEqual(self.contract.lifecycle_state, "closed")
        event = self._life_events(self.contract)[-1]
        self.assertAlmostEqual(event.mrr_change, -99.90)
        # 10/06-15/06: 6 of 30 days of 99.90
        last = self.contract.charge_ids.sorted("period_start")[-1]
        self.assertAlmostEqual(last.amount, 19.98)

    def test_last_day_lasts_until_midnight_of_the_company(self):
        """It is 22:30 of 15/06 in São Paulo, and 01:30 of the 16th in UTC."""
        self.contract._close(date(2026, 6, 15), self.reason)
        contracts = self.env["contract.contract"]
        with freeze_time("2026-06-16 01:30:00"):
            contracts._cron_follow_closings()
        self.assertEqual(self.contract.lifecycle_state, "active")
        with freeze_time("2026-06-16 03:30:00"):
            contracts._cron_follow_closings()
        self.assertEqual(self.contract.lifecycle_state, "closed")

    def test_planned_cancellation_is_withdrawn(self):
        self._set_loyalty()
        self.contract._close(date(2026, 6, 15), self.reason)
        self.contract._withdraw_closing()
        self._bill_month(date(2026, 5, 1))
        self._bill_month(date(2026, 6, 1))
        self.assertFalse(self.contract.terminate_date)
        penalty = self.contract.charge_ids.filtered(lambda c: c.kind == "penalty")
        self.assertEqual(penalty.state, "cancelled")
        self._bill_month(date(2026, 7, 1))
        june = self.contract.charge_ids.filtered(
            lambda c: c.period_start in (date(2026, 6, 10), date(2026, 6, 16))
        )
        # 6 of 30 days, and 24 that were due only once the line had begun
        self.assertEqual(sorted(june.mapped("amount")), [19.98, 79.92])

    def test_changes_wait_for_a_planned_cancellation(self):
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._close(date(2026, 6, 15), self.reason)
        with self.assertRaisesRegex(UserError, "Withdraw that cancellation"):
            self.contract._change_plan(faster, date(2026, 5, 15))
        with self.assertRaisesRegex(UserError, "Withdraw that cancellation"):
            self.contract._close(date(2026, 5, 15), self.reason)

    def test_closing_twice_is_refused(self):
        self.contract._close(date(2026, 4, 30), self.reason)
        with self.assertRaisesRegex(UserError, "cancelled already"):
            self.contract._close(date(2026, 4, 30), self.reason)

    def test_contract_never_active_is_not_cancelled(self):
        with self.assertRaisesRegex(UserError, "deactivate it instead"):
            self._create_contract()._close(date(2026, 4, 30), self.reason)

    def test_too_early_a_day_names_the_earliest(self):
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        with self.assertRaisesRegex(UserError, "earliest day is 04/10/2026"):
            self.contract._close(date(2026, 4, 9), self.reason)
        self.contract._change_plan(faster, date(2026, 4, 25))
        with self.assertRaisesRegex(UserError, "earliest day is 04/25/2026"):
            self.contract._close(date(2026, 4, 20), self.reason)
        self.assertEqual(self.contract.lifecycle_state, "active")
        self.assertFalse(self.contract.terminate_date)

    def test_comment_where_the_reason_asks_for_one(self):
        other = self.env.ref("contract_recurring.terminate_reason_other")
        with self.assertRaisesRegex(UserError, "asks for a comment"):
            self.contract._close(date(2026, 4, 30), other)

    def test_suspended_contract_is_cancelled(self):
        """Suspended 20/04 after 20 of 30 days were credited: nothing more."""
        with freeze_time("2026-04-10 15:00:00"):
            self.contract._suspend(date(2026, 4, 20))
        self.env["contract.contract"]._cron_follow_suspensions(date(2026, 4, 20))
        with self.assertRaisesRegex(UserError, "End that suspension first"):
            self.contract._close(date(2026, 6, 1), self.reason)
        self.contract._close(date(2026, 4, 30), self.reason)
        self.assertEqual(self.contract.lifecycle_state, "closed")
        self.assertAlmostEqual(self._life_events(self.contract)[-1].mrr_change, -99.90)
        self.assertFalse(self.contract.open_suspension_id)
        self._bill_month(date(2026, 5, 1))
        self.assertAlmostEqual(sum(self.contract.charge_ids.mapped("amount")), 33.30)

    def test_termination_of_oca_is_closed_to_our_contracts(self):
        with self.assertRaisesRegex(UserError, "its own button"):
            self.contract._terminate_contract(self.reason, "", date(2026, 4, 30))
        with self.assertRaises(UserError):
            self.contract.action_cancel_contract_termination()
        action = self.contract.action_terminate_contract()
        self.assertEqual(action["res_model"], "contract.close")

    def test_every_button_is_a_step_of_the_life(self):
        """Where a button shows, its step exists; where it does not, it fails."""
        shown = {
            "action_wait": ({"draft"}, "waiting"),
            "action_back_to_draft": ({"waiting", "deactivated"}, "draft"),
            "action_deactivate": ({"draft", "waiting", "closed"}, "deactivated"),
            "contract_activate_action": ({"draft", "waiting"}, "active"),
            "contract_suspend_action": ({"active"}, "suspended"),
            "contract_resume_action": ({"suspended"}, "active"),
            "contract_close_action": ({"active", "suspended"}, "closed"),
            "contract_reactivate_action": ({"closed"}, "active"),
        }
        for button, (states, step) in shown.items():
            with self.subTest(button):
                for state in states:
                    self.assertIn(step, LIFECYCLE_STEPS[state])
        steps = {(s, step) for states, step in shown.values() for s in states}
        allowed = {(s, step) for s, after in LIFECYCLE_STEPS.items() for step in after}
        self.assertEqual(steps, allowed)
        arch = self.env["contract.contract"].get_view(
            self.env.ref("contract_recurring.contract_contract_view_form").id, "form"
        )["arch"]
        bound = self.env["ir.actions.actions"]._get_bindings("contract.contract")
        in_menu = {action["id"] for action in bound["action"]}
        for name in shown:
            action = self.env.ref(
                f"contract_recurring.{name}", raise_if_not_found=False
            )
            if not action or action.id not in in_menu:
                self.assertIn(f'name="{action.id if action else name}"', arch)

    def test_contract_activated_for_a_day_to_come_ends_on_it_at_the_earliest(self):
        with freeze_time("2026-03-10 12:00:00"):
            contract = self._create_contract(activation=date(2026, 3, 20))
            self.assertEqual(contract._get_earliest_end(), date(2026, 3, 20))
