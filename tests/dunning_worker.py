"""A customer pays while the daily run blocks, each in a transaction of its own.

    dunning_worker.py DATABASE

Each contract owes March and April. The notice of March allows a block, that of
April not yet, so the contract itself looks the same before and after March is
paid: only the invoice tells.

Prints, a line each:
- what stopped the run while a payment was not committed yet, and what stopped
  one that had begun before the payment was; the service after it ran again;
- the service of another contract, blocked after its payment began; what
  stopped that payment; the service after it was made again.
"""

import sys
from datetime import date

import provider
from processes import odoo_environment
from psycopg2 import OperationalError

APRIL = date(2026, 4, 1)
# By month of the invoice. A block comes 20 days later.
NOTICED_ON = {3: date(2026, 4, 1), 4: date(2026, 4, 20)}
BLOCKED_ON = date(2026, 5, 4)


def create_debts(database):
    """Return the ids of two contracts in debt, the notices of both proven."""
    with odoo_environment(database) as env:
        provider.create_provider(env, 2)
        env.company.dunning_policy_id = env.ref(
            "contract_recurring.dunning_policy_standard"
        )
        env["res.partner"].search([]).email = "cliente@example.com"
        env["ir.mail_server"].search([]).active = False
        env = env(context={**env.context, "queue_job__no_delay": True})
        for month in (provider.MONTH, APRIL):
            bill(env, month)
        contracts = env["contract.contract"].search([], order="id")
        for day in NOTICED_ON.values():
            contracts._take_due_steps(day)
        for notice in env["contract.notice"].search([("kind", "=", "notice")]):
            day = NOTICED_ON[notice.move_ids.invoice_date_due.month]
            notice.write({"state": "sent", "noticed_on": day})
        contracts._refresh_overdue_state(NOTICED_ON[4])
        return contracts.ids


def bill(env, month):
    run = env["contract.billing.run"].create(
        {"date_from": month, "invoice_date": month}
    )
    run.action_simulate()
    run.action_approve()
    run.action_start()


def pay(env, contract_id):
    moves = env["contract.contract"].browse(contract_id).charge_ids.move_id
    march = moves.filtered(lambda move: move.invoice_date_due.month == 3)
    context = {
        "active_model": "account.move",
        "active_ids": march.ids,
        "queue_job__no_delay": False,
    }
    register = env["account.payment.register"].with_context(**context)
    register.create({"payment_date": BLOCKED_ON})._create_payments()
    env.flush_all()


def block(env, contract_id):
    env["contract.contract"].browse(contract_id)._take_due_steps(BLOCKED_ON)
    env.flush_all()


def get_obstacle(env, work, contract_id):
    """Do the work and return the name of what stopped it."""
    try:
        work(env, contract_id)
    except OperationalError as error:
        env.cr.rollback()
        return type(error).__name__
    return "nothing"


def get_service(database, contract_id):
    with odoo_environment(database) as env:
        return env["contract.contract"].browse(contract_id).service_state


def pay_first(database, contract_id):
    with odoo_environment(database) as late:
        late["account.move"].search([]).mapped("payment_state")
        with odoo_environment(database) as paying:
            pay(paying, contract_id)
            with odoo_environment(database) as blocking:
                print(get_obstacle(blocking, block, contract_id))
        print(get_obstacle(late, block, contract_id))
    with odoo_environment(database) as again:
        block(again, contract_id)
    print(get_service(database, contract_id))


def block_first(database, contract_id):
    with odoo_environment(database) as paying:
        paying["account.move"].search([]).mapped("payment_state")
        with odoo_environment(database) as blocking:
            block(blocking, contract_id)
        print(get_service(database, contract_id))
        print(get_obstacle(paying, pay, contract_id))
    with odoo_environment(database) as again:
        pay(again, contract_id)
    print(get_service(database, contract_id))


def main(database):
    one, other = create_debts(database)
    pay_first(database, one)
    block_first(database, other)


if __name__ == "__main__":
    main(*sys.argv[1:])
