"""Two people change one contract, each in a transaction of its own.

    changing_worker.py DATABASE

Prints, a line each:
- what a customer accepting an upsell was told while the plan was being changed,
  and the state of that quote;
- what somebody was told who had read the contract before the change;
- what came of the upsell when it was tried again, and the contract's products;
- what somebody was told who confirmed a second quote while the first was being
  confirmed, and the contract's products in the end;
- what somebody was told who had read the contract before a change that wrote
  charges or lines alone: a service charged once, then one at no price.
"""

import sys
from datetime import timedelta

import provider
from processes import odoo_environment
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command


def create_quotes(database):
    """Return the ids of a contract, of two upsells on it, and of another plan."""
    with odoo_environment(database) as env:
        provider.create_provider(env, 1)
        contract = env["contract.contract"].search([])
        quotes = [quote_service(env, contract, name) for name in ("IP fixo", "Suporte")]
        plan = env["contract.template"].search(
            [("id", "!=", contract.contract_template_id.id)], limit=1
        )
        return contract.id, quotes, plan.id


def quote_service(env, contract, name):
    wizard = env["contract.quote"].create(
        {"contract_id": contract.id, "kind": "upsell", "date": get_day(contract)}
    )
    order = env["sale.order"].browse(wizard.action_create_quote()["res_id"])
    product = env["product.product"].create(
        {"name": name, "type": "service", "taxes_id": [Command.clear()]}
    )
    order.order_line = [
        Command.create(
            {
                "product_id": product.id,
                "price_unit": 10.0,
                "recurring_rule_type": "monthly",
                "recurring_interval": 1,
            }
        )
    ]
    return order.id


def get_day(contract):
    return contract.date_start + timedelta(days=5)


def confirm(env, order_id):
    """Confirm the quote and return what the person was told."""
    try:
        env["sale.order"].browse(order_id).action_confirm()
        env.flush_all()
    except UserError as error:
        env.cr.rollback()
        return str(error)
    except SerializationFailure:
        # what the web server answers by doing it all again
        env.cr.rollback()
        return "again"
    return "confirmed"


def list_products(env, contract_id):
    lines = env["contract.contract"].browse(contract_id).contract_line_ids
    open_lines = lines.filtered(lambda line: line._is_billable() and not line.date_end)
    return ", ".join(sorted(open_lines.mapped("name")))


def change_plan_and_sell(database, contract_id, quote_id, plan_id):
    with odoo_environment(database) as late:
        late["contract.contract"].browse(contract_id).contract_line_ids.mapped("name")
        with odoo_environment(database) as first:
            contract = first["contract.contract"].browse(contract_id)
            plan = first["contract.template"].browse(plan_id)
            contract._change_plan(plan, get_day(contract))
            first.flush_all()
            with odoo_environment(database) as second:
                print(confirm(second, quote_id))
                print(second["sale.order"].browse(quote_id).state)
        print(confirm(late, quote_id))
    with odoo_environment(database) as again:
        print(confirm(again, quote_id))
        print(list_products(again, contract_id))


def confirm_two(database, contract_id, first_id, second_id):
    with odoo_environment(database) as first:
        first["sale.order"].browse(first_id).contract_id._lock_for_change()
        with odoo_environment(database) as second:
            print(confirm(second, second_id))
    with odoo_environment(database) as second:
        confirm(second, second_id)
        print(list_products(second, contract_id))


def charge_once(contract):
    contract._charge_once(prepare_service(contract, 15.0), get_day(contract))


def add_for_nothing(contract):
    contract._add_service(prepare_service(contract, 0.0), get_day(contract))


def prepare_service(contract, price):
    product = contract.contract_line_ids.product_id[:1]
    return {
        "product_id": product.id,
        "name": "Visit",
        "quantity": 1.0,
        "uom_id": product.uom_id.id,
        "price_unit": price,
    }


def change_behind(database, contract_id, change):
    """Tell what came of a change by who read the contract before another one."""
    with odoo_environment(database) as late:
        read = late["contract.contract"].browse(contract_id)
        read.contract_line_ids.mapped("name")
        read.charge_ids.mapped("amount")
        with odoo_environment(database) as first:
            change(first["contract.contract"].browse(contract_id))
            first.flush_all()
        try:
            charge_once(read)
            late.flush_all()
        except SerializationFailure:
            late.cr.rollback()
            return "again"
    return "acted on what no longer holds"


def main(database):
    contract_id, (one, other), plan_id = create_quotes(database)
    change_plan_and_sell(database, contract_id, one, plan_id)
    confirm_two(database, contract_id, one, other)
    for change in (charge_once, add_for_nothing):
        print(change_behind(database, contract_id, change))


if __name__ == "__main__":
    main(*sys.argv[1:])
