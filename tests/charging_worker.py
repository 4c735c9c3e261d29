"""Clerks bill one contract ahead at once, each in a transaction of its own.

    charging_worker.py DATABASE

Prints, a line each:
- what a clerk was told while another one's button was at work;
- what one was told who had read the contract before, and pressed after that;
- what the same one was told when the web server tried it again;
- how often the most charged day is charged, and how many invoices there are.
"""

import sys

import provider
from processes import odoo_environment
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError


def create_contract(database):
    """Return the id of a contract in force and the first due date to bill."""
    with odoo_environment(database) as env:
        provider.create_provider(env, 1)
        contract = env["contract.contract"].search([])
        return contract.id, contract.recurring_next_date


def bill_ahead(env, contract_id, seen):
    """Bill one period ahead and return what the clerk was told."""
    contract = env["contract.contract"].browse(contract_id)
    try:
        contract._generate_periods(1, contract.date_start, expected=seen)
        env.flush_all()
    except UserError as error:
        env.cr.rollback()
        return str(error)
    except SerializationFailure:
        # what the web server answers by doing it all again
        env.cr.rollback()
        return "again"
    return "billed"


def bill_at_once(database, contract_id, seen):
    with odoo_environment(database) as late:
        late["contract.contract"].browse(contract_id).mapped("recurring_next_date")
        with odoo_environment(database) as first:
            assert bill_ahead(first, contract_id, seen) == "billed"
            with odoo_environment(database) as second:
                print(bill_ahead(second, contract_id, seen))
        print(bill_ahead(late, contract_id, seen))
    with odoo_environment(database) as again:
        print(bill_ahead(again, contract_id, seen))


def count(database, contract_id):
    """Print the most charges a day of a line has, and the number of invoices."""
    with odoo_environment(database) as env:
        charges = env["contract.charge"].search(
            [("contract_id", "=", contract_id), ("state", "!=", "cancelled")]
        )
        days = {}
        for charge in charges.filtered("contract_line_id"):
            start, end = charge.period_start, charge.period_end
            for day in range(start.toordinal(), end.toordinal() + 1):
                key = charge.contract_line_id, day
                days[key] = days.get(key, 0) + 1
        print(max(days.values()), len(charges.move_id))


def main(database):
    contract_id, seen = create_contract(database)
    bill_at_once(database, contract_id, seen)
    count(database, contract_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
