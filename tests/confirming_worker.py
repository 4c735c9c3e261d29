"""Two people confirm one quote, each in a transaction of its own.

    confirming_worker.py DATABASE

Prints, a line each: what the second was told while the first was at it, what
a third was told afterwards, and how many contracts there are.
"""

import sys

import provider
from processes import odoo_environment

from odoo.exceptions import UserError


def create_order(database):
    with odoo_environment(database) as env:
        provider.create_provider(env, 1)
        order = env["sale.order"].create(
            {
                "partner_id": env["contract.contract"].search([]).partner_id.id,
                "sale_order_template_id": False,
            }
        )
        order._add_plan(env["contract.template"].search([], limit=1))
        return order.id


def confirm(env, order_id):
    """Confirm the order and return what the person was told."""
    try:
        env["sale.order"].browse(order_id).action_confirm()
    except UserError as error:
        return str(error)
    return "confirmed"


def main(database):
    order_id = create_order(database)
    with odoo_environment(database) as first:
        confirm(first, order_id)
        with odoo_environment(database) as second:
            print(confirm(second, order_id))
    with odoo_environment(database) as third:
        print(confirm(third, order_id))
        print(len(third["sale.order"].browse(order_id).contract_ids))


if __name__ == "__main__":
    main(*sys.argv[1:])
