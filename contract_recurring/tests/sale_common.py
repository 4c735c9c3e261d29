from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ContractCase


class SaleContractCase(ContractCase):
    """A provider whose sellers quote plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"due_days_offered": "5, 15", "loyalty_months": 12})
        cls.installation = cls._create_product("Installation")
        cls.seller = new_test_user(
            cls.env, login="seller", groups="sales_team.group_sale_salesman"
        )

    @classmethod
    def _create_quote(cls, *plans, lines=(), **values):
        """Return a quote with plans and (product, price, values) lines."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "sale_order_template_id": False,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "price_unit": price, **more}
                    )
                    for product, price, more in lines
                ],
                **values,
            }
        )
        for plan in plans:
            order._add_plan(plan)
        return order
