"""One process of the tests of concurrent remittances.

    remitting_worker.py create DATABASE TITLES   a provider, its boletos not yet sent
    remitting_worker.py send DATABASE

`send` generates the remittance of the account as a clerk's button would, again if the
database asks for it; it prints `ready` and begins when it can read a line, so that two
of them can be let go at the same moment. It prints the number of its file, 0 for none.
"""

import sys
from datetime import date, timedelta

import provider
from processes import odoo_environment
from psycopg2 import OperationalError


def create(database, titles):
    with odoo_environment(database) as env:
        provider.create_provider(env, int(titles))
    with odoo_environment(database) as env:
        _set_up_collection(env.ref("base.main_company"))
        env["res.partner"].search([]).write({"street": "Av. Paulista 1578"})
    with odoo_environment(database) as env:
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.state = "running"
        run._process(run._get_items("pending").ids)
        # banks take no boleto whose due date is over
        titles = env["collection.title"].search([])
        titles.due_date = date.today() + timedelta(days=10)


def _set_up_collection(company):
    env = company.with_company(company).env
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    account = env["collection.account"].create(
        {
            "name": "Sicredi",
            "bank": "748",
            "journal_id": journal.id,
            "agency": "0165",
            "account_number": "00623",
            "wallet": "1",
            "agreement": "00623",
            "post": "02",
            "id_byte": "2",
        }
    )
    company.contract_payment_mode_id = env["account.payment.mode"].create(
        {
            "name": account.name,
            "bank_account_link": "fixed",
            "fixed_journal_id": journal.id,
            "payment_method_id": env.ref("account.account_payment_method_manual_in").id,
            "collection_account_id": account.id,
        }
    )


def send(database):
    with odoo_environment(database):
        pass  # loads the registry
    print("ready", flush=True)
    sys.stdin.readline()
    print(_send_until_done(database))


def _send_until_done(database):
    """Send as a request does, which Odoo repeats when the database asks for it."""
    while True:
        try:
            with odoo_environment(database) as env:
                account = env["collection.account"].search([])
                return env["collection.remittance"]._start(account).file_number
        except OperationalError as error:
            print(f"again: {error}", file=sys.stderr)


if __name__ == "__main__":
    commands = {f.__name__: f for f in (create, send)}
    commands[sys.argv[1]](*sys.argv[2:])
