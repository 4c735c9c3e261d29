"""A provider whose contracts were billed with boletos, for programs outside Odoo."""

import provider
from processes import odoo_environment

from odoo.tools import split_every


def create_collector(database, titles):
    """Bill as many contracts, each with a boleto of Itaú's; commits."""
    with odoo_environment(database) as env:
        provider.create_provider(env, titles)
        set_up_collection(env.ref("base.main_company"))
    with odoo_environment(database) as env:
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.state = "running"
        batches = list(split_every(run._batch_size, run._get_items("pending").ids))
    for ids in batches:
        with odoo_environment(database) as env:
            env["contract.billing.run"].browse(run.id)._process(list(ids))
    with odoo_environment(database) as env:
        found = env["collection.title"].search([])
        found.state = "registered"
        if len(found) != titles:
            raise SystemExit(f"✗ {len(found)} boletos, not {titles}")


def set_up_collection(company):
    """Let the company's contracts be paid by boletos of one account."""
    env = company.with_company(company).env
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    account = env["collection.account"].create(
        {
            "name": "Itaú 109",
            "bank": "341",
            "journal_id": journal.id,
            "agency": "0057",
            "account_number": "12345",
            "account_digit": "7",
            "wallet": "109",
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
    return account
