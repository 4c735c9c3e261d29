"""A saved card is charged by jobs, whose snapshot is older than the charge.

    card_worker.py DATABASE

Odoo's demo provider refuses the first charge, the only one there may be, and takes
the second, which somebody asks for.

Prints, a line each:
- the state of the first attempt, and how often the customer was told;
- the state of the second one, and what the invoice has left to pay.
"""

import sys

import provider
from processes import odoo_environment

from odoo.fields import Date


def create_invoice(database):
    """Return the id of an invoice that a saved card is to pay."""
    with odoo_environment(database) as env:
        provider.create_provider(env, 1)
        env.company.token_retry_days = False
        contract = env["contract.contract"].search([])
        contract.partner_id.email = "maria@example.com"
        today = Date.today()
        contract.write(
            {
                "payment_token_id": save_card(env, contract).id,
                "payment_token_since": today,
            }
        )
        contract._generate_periods(1, today, expected=contract.recurring_next_date)
        move = contract.charge_ids.move_id
        move.invoice_date_due = today
        return move.id


def save_card(env, contract):
    journal = env["account.journal"].create(
        {"name": "Cartões", "code": "CART", "type": "bank"}
    )
    demo = env.ref("payment.payment_provider_demo")
    demo.write({"state": "test", "journal_id": journal.id})
    lines = journal.inbound_payment_method_line_ids
    lines.payment_account_id = journal.default_account_id
    return env["payment.token"].create(
        {
            "provider_id": demo.id,
            "payment_method_id": demo.payment_method_ids[:1].id,
            "payment_details": "4242",
            "partner_id": contract.partner_id.id,
            "provider_ref": "demo",
            "demo_simulated_state": "error",
        }
    )


def charge(database, move_id, answer):
    """Run the job of a new attempt; return its id."""
    with odoo_environment(database) as env:
        move = env["account.move"].browse(move_id)
        move._get_token_contract().payment_token_id.demo_simulated_state = answer
        attempt = env["payment.token.charge"]._create_attempt(move, Date.today())
        charge_id = attempt.id
    with odoo_environment(database) as env:
        # the runner of jobs locks the job first, so that its snapshot is of then
        env.cr.execute("SELECT 1")
        env["payment.token.charge"].browse(charge_id)._charge()
    return charge_id


def show(database, charge_id):
    with odoo_environment(database) as env:
        attempt = env["payment.token.charge"].browse(charge_id)
        notices = env["contract.notice"].search_count([("kind", "=", "charge_failed")])
        return attempt.state, notices, attempt.move_id.amount_residual


def main(database):
    move_id = create_invoice(database)
    state, notices, _left = show(database, charge(database, move_id, "error"))
    print(state, notices)
    state, _notices, left = show(database, charge(database, move_id, "done"))
    print(state, left)


if __name__ == "__main__":
    main(*sys.argv[1:])
