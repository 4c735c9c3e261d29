from ast import literal_eval
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BilledContractCase

TYPES = (
    "Additional access points",
    "Temporary speed upgrades",
    "Premium support services",
    "Complementary subscriptions",
)


@tagged("contract_recurring", "post_install", "-at_install")
class TestServiceType(BilledContractCase):
    """Additional services are told apart by type (S001-29)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point, cls.support = (
            cls.env.ref(f"contract_recurring.service_type_{name}")
            for name in ("access_point", "support")
        )
        cls.outlet = cls._create_product("Second outlet")
        cls.outlet.service_type_id = cls.point
        cls.helpdesk = cls._create_product("Help at home")
        cls.helpdesk.service_type_id = cls.support

    def _add(self, product):
        form = self._open("contract.add.service")
        form.product_id = product
        form.price_unit = 10.0
        form.save().action_apply()
        return self.contract.service_line_ids.filtered(
            lambda line: line.product_id == product
        )

    def test_the_four_of_the_manual_are_there(self):
        types = self.env["contract.service.type"].with_context(lang="en_US").search([])
        self.assertEqual(tuple(types.mapped("name")[:4]), TYPES)

    def test_line_is_of_the_type_of_its_product(self):
        self.assertEqual(self._add(self.outlet).service_type_id, self.point)
        self.assertFalse(self._add(self.television).service_type_id)

    def test_type_narrows_the_products(self):
        form = self._open("contract.add.service")
        form.product_id = self.helpdesk
        form.service_type_id = self.point
        self.assertFalse(form.product_id)
        form.product_id = self.outlet
        self.assertEqual(form.service_type_id, self.point)
        domain = self.env["contract.add.service"]._fields["product_id"].domain
        self.assertIn("('service_type_id', '=?', service_type_id)", domain)
        products = self.env["product.product"]
        of_type = products.search([("service_type_id", "=?", self.point.id)])
        self.assertEqual(of_type, self.outlet)
        everything = products.search([("service_type_id", "=?", False)])
        self.assertLessEqual(self.outlet + self.television, everything)

    def test_contracts_are_found_by_type(self):
        line = self._add(self.outlet)
        other = self._create_contract(activation=date(2026, 4, 10))
        contracts = self.env["contract.contract"]
        found = contracts.search([("service_type_ids", "=", self.point.id)])
        self.assertEqual(found, self.contract)
        self.assertEqual(
            contracts.search([("service_type_ids", "ilike", "access points")]), found
        )
        self.assertNotIn(other, found)
        self.contract._remove_service(line, date(2026, 4, 25))
        with freeze_time("2026-04-25 12:00:00"):
            gone = contracts.search([("service_type_ids", "=", self.point.id)])
        self.assertFalse(gone)

    def test_list_groups_by_type(self):
        """10.00 of an outlet and of the help; the plan is no additional service."""
        self._add(self.outlet)
        self._add(self.helpdesk)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_service_line_action"
        )
        domain = Domain(literal_eval(action["domain"]))
        groups = self.env["contract.line"]._read_group(
            domain & Domain("contract_id", "=", self.contract.id),
            ["service_type_id"],
            ["monthly_recurring:sum"],
        )
        self.assertEqual(dict(groups), {self.point: 10.0, self.support: 10.0})

    def test_name_is_there_once(self):
        types = self.env["contract.service.type"]
        types.create({"name": "Games"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            types.create({"name": "Games"})

    def test_only_managers_change_types(self):
        operator = self._create_user("clerk", "group_contract_operator")
        types = self.point.with_user(operator)
        self.assertTrue(types.name)
        with self.assertRaises(AccessError):
            types.name = "Points"
        manager = self._create_user("boss", "group_contract_manager")
        self.point.with_user(manager).sequence = 5
        self.assertEqual(self.point.sequence, 5)
