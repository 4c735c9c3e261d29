"""Two jobs follow reports of the same payment at once, each in its transaction.

    reporting_worker.py DATABASE

The bank is the simulator; the account's row is what the two wait for.

Prints, a line each:
- what stopped the second job while the first one had not finished;
- how many payments there are after both, and after the second one ran again;
- what the invoice has left to pay;
- how many returns are entered once the bank gave the payment back.
"""

import os
import sys
import tempfile
from datetime import date

import provider
from cryptography.fernet import Fernet
from processes import odoo_environment
from simulators.bank_api import BankApi

from odoo.addons.queue_job.exception import RetryableJobError


def create_charge(database, bank):
    """Return the ids of an account and of its registered Pix charge."""
    with odoo_environment(database) as env:
        provider.create_provider(env, 1)
        env = env(context={**env.context, "tracking_disable": True})
        account = create_account(env, bank)
        move = bill(env)
        title = env["collection.title"]._issue(move, date.today())
        ids = account.id, title.id
    with odoo_environment(database) as env:
        env["collection.title"].browse(ids[1]).instruction_ids._carry_out_by_api()
    return ids


def create_account(env, bank):
    journal = env["account.journal"].create(
        {"name": "Banco", "code": "BCO1", "type": "bank"}
    )
    account = env["collection.account"].create(
        {
            "name": "Pix",
            "bank": "756",
            "backend": "pix_api",
            "journal_id": journal.id,
            "api_environment": "simulator",
            "api_simulator_url": bank.url,
            "api_client_id": bank.client_id,
            "pix_key": "11222333000181",
            "is_mass": False,
        }
    )
    method = env.ref("account.account_payment_method_manual_in")
    env.company.contract_payment_mode_id = env["account.payment.mode"].create(
        {
            "name": "Pix",
            "bank_account_link": "fixed",
            "fixed_journal_id": journal.id,
            "payment_method_id": method.id,
            "collection_account_id": account.id,
        }
    )
    return account


def bill(env):
    """Return the invoice of one contract, due in some days."""
    contract = env["contract.contract"].search([])
    contract._generate_periods(1, date.today(), expected=contract.recurring_next_date)
    move = contract.charge_ids.move_id
    move.invoice_date_due = date.today()
    return move


def follow(env, account_id, references):
    """Run the job; return what stopped it, or nothing."""
    try:
        env["collection.account"].browse(account_id)._follow_report(references)
        env.flush_all()
    except RetryableJobError as error:
        env.cr.rollback()
        return str(error)
    return "followed"


def count(database, title_id):
    with odoo_environment(database) as env:
        title = env["collection.title"].browse(title_id)
        paid = title.event_ids.filtered(lambda event: event.kind == "paid")
        return len(paid), title.move_id.amount_residual


def give_back(database, title_id, bank):
    """Return how many returns are entered after a refund's jobs, and its state."""
    with odoo_environment(database) as env:
        title = env["collection.title"].browse(title_id)
        paid = title.event_ids.filtered(lambda event: event.kind == "paid")
        refund = env["pix.refund"].create({"event_id": paid.id, "amount": paid.paid})
        refund.action_give_back()
        refund_id = refund.id
    for _job in range(2):
        with odoo_environment(database) as env:
            refund = env["pix.refund"].browse(refund_id)
            try:
                refund._call_bank()
            except RetryableJobError:
                bank.finish_returns()
    with odoo_environment(database) as env:
        events = env["collection.title"].browse(title_id).event_ids
        returned = events.filtered(lambda event: event.kind == "returned")
        return len(returned), env["pix.refund"].browse(refund_id).state


def main(database):
    key_file = tempfile.NamedTemporaryFile("w")
    key_file.write(Fernet.generate_key().decode())
    key_file.flush()
    os.environ["CONTRACT_SECRET_KEY_FILE"] = key_file.name
    with BankApi() as bank:
        account_id, title_id = create_charge(database, bank)
        txid = next(iter(bank.charges))
        references = {"pix": [[bank.pay_charge(txid)["endToEndId"], txid]]}
        with odoo_environment(database) as first:
            assert follow(first, account_id, references) == "followed"
            with odoo_environment(database) as second:
                print(follow(second, account_id, references))
        print(count(database, title_id)[0])
        with odoo_environment(database) as again:
            follow(again, account_id, references)
        payments, left = count(database, title_id)
        print(payments)
        print(left)
        print(*give_back(database, title_id, bank))


if __name__ == "__main__":
    main(*sys.argv[1:])
