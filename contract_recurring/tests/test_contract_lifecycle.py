from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractLifecycle(ContractCase):
    """Each step of a contract's life is an event, and only steps change it."""

    def test_events_tell_the_whole_life(self):
        contract = self._create_contract()
        contract.action_wait()
        contract._activate(date(2026, 3, 1))
        contract._change_state("suspended", date(2026, 5, 1), reason="travelling")
        contract._change_state("active", date(2026, 6, 1))
        contract._change_state("closed", date(2026, 9, 1), reason="moved away")
        events = self._life_events(contract)
        steps = events.filtered("from_state")
        state = "draft"
        for event in steps:
            self.assertEqual(event.from_state, state)
            state = event.to_state
        self.assertEqual(state, contract.lifecycle_state)
        self.assertEqual(steps[-1].reason, "moved away")

    def test_recurring_revenue_begins_with_activation_and_ends_with_closing(self):
        contract = self._create_contract()
        contract._activate(date(2026, 3, 1))
        contract._change_state("closed", date(2026, 9, 1))
        changes = self._life_events(contract).mapped("mrr_change")
        self.assertEqual(changes, [0.0, 99.90, -99.90])

    def test_steps_that_do_not_exist_are_refused(self):
        contract = self._create_contract(activation=date(2026, 3, 1))
        with self.assertRaisesRegex(UserError, "cannot become"):
            contract._activate(date(2026, 4, 1))
        with self.assertRaises(UserError):
            contract.action_back_to_draft()

    def test_activation_needs_a_product(self):
        contract = self._create_contract()
        contract.contract_line_ids.unlink()
        with self.assertRaisesRegex(UserError, "no product"):
            contract._activate(date(2026, 3, 1))
        self.assertEqual(contract.lifecycle_state, "draft")

    def test_state_is_not_written_by_hand(self):
        contract = self._create_contract()
        operator = self._create_user("operator", "group_contract_operator")
        with self.assertRaises(AccessError):
            contract.with_user(operator).write({"lifecycle_state": "active"})
        with self.assertRaises(AccessError):
            contract.with_user(operator).create(
                {"partner_id": self.partner.id, "lifecycle_state": "active"}
            )

    def test_history_cannot_be_changed_or_deleted(self):
        event = self._create_contract(activation=date(2026, 3, 1)).event_ids[:1]
        with self.assertRaises(UserError):
            event.write({"reason": "something else"})
        with self.assertRaises(UserError):
            event.unlink()

    def test_loyalty_runs_from_activation(self):
        contract = self._create_contract(
            activation=date(2026, 3, 17), loyalty_months=12
        )
        self.assertEqual(contract.loyalty_end_date, date(2027, 3, 16))

    def test_activation_fee_without_a_product_is_refused(self):
        contract = self._create_contract(activation_fee=100)
        contract.activation_product_id = False
        with self.assertRaisesRegex(UserError, "no product for it"):
            contract._activate(date(2026, 3, 17))

    def test_wizard_shows_the_first_invoice_before_activating(self):
        contract = self._create_contract(activation_fee=100)
        wizard = (
            self.env["contract.activate"]
            .with_context(active_ids=contract.ids)
            .create({"date": date(2026, 3, 17)})
        )
        self.assertIn("77.34", wizard.preview)
        self.assertIn("99.90", wizard.preview)
        self.assertIn("100.00", wizard.preview)
        wizard.action_activate()
        self.assertEqual(contract.lifecycle_state, "active")
        self._bill_month(date(2026, 4, 1))
        self.assertAlmostEqual(sum(contract.charge_ids.mapped("amount")), 277.24)
