"""Two customers pay by Pix: the bank's API makes the charges and reports the money."""

import json

from simulators.bank_api import BankApi

from odoo.fields import Domain

from odoo.addons.contract_fiscal_br.tools.bank_report import read_report

from .banks import create_mode
from .debtors import find_debtors
from .jobs import do_jobs
from .progress import say

CALLING = "root.bank"
PAYERS = 2
LETTER = {
    "agency": "4327",
    "account_number": "417270",
    "account_digit": "1",
    "wallet": "1",
    "backend": "pix_api",
    "api_environment": "simulator",
    "pix_key": "11444777000161",
    "is_mass": False,
}


def pay_by_pix(env, today):
    """Let the newest open invoices be charged and paid by Pix, once; commits.

    The simulated bank ends with this: its account is archived then.
    """
    accounts = env["collection.account"].with_context(active_test=False)
    if accounts.search_count([("backend", "=", "pix_api")]):
        return
    say("Pix charges, paid as the bank reports")
    with BankApi() as bank:
        bank.today = today
        access = {"api_simulator_url": bank.url, "api_client_id": bank.client_id}
        mode = create_mode(env, "756", "cnab240", "Sicoob Pix", LETTER | access)
        titles = _issue(env, mode, today)
        _do(env)
        received = [bank.pay_charge(title.txid) for title in titles]
        report = json.dumps(bank.prepare_pix(*received)).encode()
        if received:
            mode.collection_account_id._queue_report(read_report(report))
        _do(env)
    mode.collection_account_id.action_archive()
    mode.action_archive()
    env.cr.commit()


def _issue(env, mode, today):
    """Replace the boletos of some invoices by Pix charges; return these."""
    moves = env["account.move"].search(
        Domain("contract_charge_ids", "!=", False)
        & Domain("move_type", "=", "out_invoice")
        & Domain("state", "=", "posted")
        & Domain("payment_state", "=", "not_paid")
        & Domain("collection_title_ids.state", "=", "registered")
        & Domain("partner_id", "not in", find_debtors(env).ids),
        order="invoice_date_due desc, id",
        limit=PAYERS,
    )
    for move in moves:
        move._get_current_titles()._withdraw("replaced", "O cliente prefere Pix")
    moves.payment_mode_id = mode
    return env["collection.title"]._issue_possible(moves, today)


def _do(env):
    env.cr.commit()
    for _job in do_jobs(env, CALLING):
        pass
