from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ContractCase

# Written by the system alone, whatever the group.
SYSTEM_ONLY = (
    "contract.event",
    "contract.charge",
    "contract.acceptance",
    "contract.notice",
)


@tagged("contract_recurring", "post_install", "-at_install")
class TestRights(ContractCase):
    """Every model of the addon is guarded, and intruders are turned away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(activation=date(2026, 3, 1))
        cls.other = cls._create_contract(
            activation=date(2026, 3, 1), partner=cls._create_customer("João Souza")
        )
        cls._bill_month(date(2026, 3, 1))
        cls.document = cls.env["contract.document"].create(
            {
                "contract_id": cls.contract.id,
                "type_id": cls.env.ref("contract_recurring.document_type_cpf").id,
            }
        )
        cls.acceptance = cls.contract._accept(
            {
                "signer_name": "Maria da Silva",
                "signer_document": "529.982.247-25",
                "method": "staff",
                "document": b"%PDF-1.4",
            }
        )

    def _get_models(self):
        """Return the models this addon brings that are kept or shown."""
        return [
            model
            for model in self.env.registry.values()
            if model._original_module == "contract_recurring" and not model._abstract
        ]

    # === EVERY MODEL ===

    def test_every_model_has_an_access_list(self):
        access = self.env["ir.model.access"].sudo()
        guarded = set(access.search([]).mapped("model_id.model"))
        missing = {model._name for model in self._get_models()} - guarded
        self.assertFalse(missing)

    def test_no_access_without_a_group(self):
        names = [model._name for model in self._get_models()]
        open_to_all = self.env["ir.model.access"].search(
            [("model_id.model", "in", names), ("group_id", "=", False)]
        )
        self.assertFalse(open_to_all)

    def test_every_model_with_a_company_has_a_global_rule_on_it(self):
        for model in self._get_models():
            if "company_id" not in model._fields or model._transient:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", model._name), ("groups", "=", False)]
            )
            guards = rules.filtered(lambda rule: "company_id" in rule.domain_force)
            self.assertTrue(guards, f"{model._name} has no company rule")

    def test_what_belongs_to_a_contract_carries_its_company(self):
        for model in self._get_models():
            field = model._fields.get("contract_id")
            if field and field.type == "many2one" and not model._transient:
                self.assertIn("company_id", model._fields, model._name)

    def test_nobody_writes_ledger_history_or_proof(self):
        written = self.env["ir.model.access"].search(
            [("model_id.model", "in", SYSTEM_ONLY)]
        )
        for access in written:
            rights = (access.perm_write, access.perm_create, access.perm_unlink)
            self.assertFalse(any(rights), access.name)

    # === PERMISSIONS ===

    def test_acts_that_cost_money_are_permissions_of_their_own(self):
        groups = [
            self.env.ref(f"contract_recurring.group_contract_{name}")
            for name in ("waive", "exempt", "renegotiate", "cancel")
        ]
        manager = self._create_user("rights_manager", "group_contract_manager")
        billing = self._create_user("rights_billing", "group_contract_billing")
        for group in groups:
            self.assertFalse(group.privilege_id)
            self.assertIn(group, manager.all_group_ids)
            self.assertNotIn(group, billing.all_group_ids)

    # === INTRUDERS ===

    def test_reader_changes_nothing(self):
        reader = self._create_user("rights_reader", "group_contract_reader")
        for record in (self.contract, self.document, self.acceptance):
            self.assertTrue(record.with_user(reader).read(["display_name"]))
            for operation in ("write", "unlink"):
                self.assertFalse(record.with_user(reader).has_access(operation))
        self.assertFalse(
            self.env["contract.print.template"].with_user(reader).has_access("create")
        )

    def test_operator_and_billing_keep_documents_but_no_texts(self):
        for group in ("operator", "billing"):
            user = self._create_user(f"rights_{group}_2", f"group_contract_{group}")
            self.document.with_user(user).number = "1"
            for name in ("contract.print.template", "contract.document.type"):
                self.assertFalse(
                    self.env[name].with_user(user).has_access("create"), name
                )

    def test_employee_without_a_group_reads_nothing(self):
        employee = new_test_user(self.env, "employee_rights", groups="base.group_user")
        for model in self._get_models():
            records = self.env[model._name].with_user(employee)
            self.assertFalse(records.has_access("read"), model._name)

    def test_portal_has_no_access_to_our_models(self):
        portal = new_test_user(self.env, "portal_none", groups="base.group_portal")
        for model in self._get_models():
            records = self.env[model._name].with_user(portal)
            self.assertFalse(records.has_access("read"), model._name)

    def test_portal_sees_its_own_contract_and_lines_only(self):
        portal = new_test_user(self.env, "portal_maria", groups="base.group_portal")
        self.contract.message_subscribe(portal.partner_id.ids)
        seen = self.env["contract.contract"].with_user(portal).search([])
        self.assertEqual(seen, self.contract.with_user(portal))
        lines = self.env["contract.line"].with_user(portal).search([])
        self.assertEqual(lines.contract_id, seen)
        with self.assertRaises(AccessError):
            self.other.with_user(portal).read(["code"])
        with self.assertRaises(AccessError):
            self.other.contract_line_ids.with_user(portal).read(["price_unit"])
        for name in ("charge_ids", "event_ids", "acceptance_ids", "document_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                seen[name].mapped("display_name")

    def test_another_company_is_invisible(self):
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("rights_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in (self.document, self.acceptance, self.contract.history_ids[:1]):
            found = self.env[record._name].with_user(stranger).search([])
            self.assertFalse(found, f"{record._name} leaks")
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
