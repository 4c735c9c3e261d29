from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ContractCase

# Dialogs of one contract, with something of it that they show.
DIALOGS = {
    "contract.change.due.day": "due_days_offered",
    "contract.change.holder": "holder_kind",
    "contract.close": "loyalty_end_date",
    "contract.next.invoice": "currency_id",
    "contract.quote": "company_id",
    "contract.record.acceptance": "signer_name",
    "contract.renew": "term_end_date",
    "contract.restrict": "preview",
    "contract.resume": "suspended_from",
    "contract.taste.plan": "technology",
}


@tagged("contract_recurring", "post_install", "-at_install")
class TestPermissions(ContractCase):
    """Who may do what, tried by those who may not (S000-14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(activation=date(2026, 3, 1))
        cls.reader = cls._create_user("reader", "group_contract_reader")
        cls.operator = cls._create_user("operator", "group_contract_operator")
        cls.billing = cls._create_user("billing", "group_contract_billing")
        cls.manager = cls._create_user("manager", "group_contract_manager")
        cls.nobody = cls._create_user("nobody", "group_contract_reader")
        cls.nobody.group_ids = cls.env.ref("base.group_user")

    def test_reader_reads_and_changes_nothing(self):
        contract = self.contract.with_user(self.reader)
        self.assertTrue(contract.read(["code", "monthly_amount", "due_status"]))
        with self.assertRaises(AccessError):
            contract.write({"due_day": 15})
        with self.assertRaises(AccessError):
            self.env["contract.billing.run"].with_user(self.reader).search([])

    def test_employee_without_a_group_sees_nothing(self):
        with self.assertRaises(AccessError):
            self.contract.with_user(self.nobody).read(["code"])
        with self.assertRaises(AccessError):
            self.env["contract.charge"].with_user(self.nobody).search([])

    def test_operator_makes_and_activates_contracts(self):
        contracts = self.env["contract.contract"].with_user(self.operator)
        contract = contracts.create(
            contracts._prepare_from_plan(
                self.plan.with_user(self.operator), self.partner, date(2026, 4, 1)
            )
        )
        contract._activate(date(2026, 4, 1))
        self.assertEqual(contract.lifecycle_state, "active")

    def test_operator_may_not_touch_billing_runs(self):
        with self.assertRaises(AccessError):
            self.env["contract.billing.run"].with_user(self.operator).create({})

    def test_billing_bills_but_does_not_approve(self):
        runs = self.env["contract.billing.run"].with_user(self.billing)
        run = runs.create({"date_from": date(2026, 3, 1)})
        run.action_simulate()
        with self.assertRaises(UserError):
            run.action_approve()
        with self.assertRaises(UserError):
            run.action_cancel()
        run.with_user(self.manager).action_approve()
        run.action_start()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.done_count, 1)
        self.assertEqual(run.approved_by_id, self.manager)

    def test_a_run_does_not_change_state_by_hand(self):
        run = self._simulate_run(date(2026, 3, 1))
        for values in ({"state": "approved"}, {"approved_by_id": self.billing.id}):
            with self.assertRaises(AccessError):
                run.with_user(self.billing).write(values)

    def test_nobody_writes_the_ledger_or_the_history(self):
        self._bill_month(date(2026, 3, 1))
        charge = self.contract.charge_ids[:1]
        event = self.contract.event_ids[:1]
        for user in (self.operator, self.billing, self.manager):
            with self.assertRaises(AccessError):
                charge.with_user(user).write({"amount": 1})
            with self.assertRaises(AccessError):
                charge.with_user(user).create(charge.copy_data()[0])
            with self.assertRaises(AccessError):
                event.with_user(user).create(event.copy_data()[0])
            with self.assertRaises(UserError):  # AccessError is one too
                event.with_user(user).write({"reason": "x"})

    def test_another_company_is_invisible(self):
        other = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self._bill_month(date(2026, 3, 1))
        for model in (
            "contract.contract",
            "contract.line",
            "contract.charge",
            "contract.event",
            "contract.billing.run",
            "contract.billing.run.item",
        ):
            self.assertFalse(
                self.env[model].with_user(stranger).search([]), f"{model} leaks"
            )
        with self.assertRaises(AccessError):
            self.contract.with_user(stranger).read(["code"])

    def test_dialogs_tell_nothing_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        contract = {"contract_id": self.contract.id}
        named = {"active_model": "contract.contract", "active_id": self.contract.id}
        for model, name in DIALOGS.items():
            dialog = self.env[model].with_user(stranger)
            with self.subTest(model):
                # read already by the system, as in a running server
                self.contract.read()
                with self.assertRaises(AccessError):
                    dialog.onchange(contract, [], {name: {}})
                with self.assertRaises(AccessError):
                    dialog.with_context(**named).onchange({}, [], {name: {}})
        with self.assertRaises(AccessError):
            self.env["contract.resume"].with_user(stranger).create(contract)
