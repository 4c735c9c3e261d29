"""Saved methods charged and refunds paid by several workers at once.

    paying_worker.py DATABASE

Prints, a line each:
- how often the provider was called when two jobs charged one invoice at once, and the
  state of the invoice;
- how many attempts two cron runs made for another invoice at once;
- what became of two files of refunds written at once, and their numbers;
- what a second one was told who wrote the same refund into a file at once.
"""

import sys
import threading
import time

import provider
from processes import odoo_environment
from psycopg2.errors import SerializationFailure

from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry

# How long the provider takes: long enough for another job to come along.
CALL_S = 2


def set_up(database):
    """Return the ids of two open invoices of contracts with a card, and of the
    account that pays refunds."""
    with odoo_environment(database) as env:
        provider.create_provider(env, 2)
        company = env.ref("base.main_company")
        env = company.with_company(company).env
        company.partner_id.vat = "11.222.333/0001-81"
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        contracts = env["contract.contract"].search([], order="id")
        token_provider = create_token_provider(env, company, journal)
        for contract in contracts:
            contract.write(
                {
                    "payment_token_id": create_token(env, token_provider, contract).id,
                    "payment_token_since": provider.MONTH,
                }
            )
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.with_context(queue_job__no_delay=True).action_start()
        account = env["collection.account"].create(
            {
                "name": "Sicoob",
                "bank": "756",
                "agency": "4327",
                "account_number": "417270",
                "account_digit": "1",
                "wallet": "1",
                "agreement": "229385",
                "variation": "01",
                "journal_id": journal.id,
                "is_refund_account": True,
            }
        )
        return contracts.charge_ids.move_id.ids, account.id


def create_token_provider(env, company, journal):
    method = env.ref("payment.payment_method_unknown")
    created = env["payment.provider"].create(
        {
            "name": "Cartão",
            "code": "none",
            "state": "test",
            "company_id": company.id,
            "payment_method_ids": [Command.set(method.ids)],
            "allow_tokenization": True,
        }
    )
    method.write({"active": True, "support_tokenization": True})
    env["account.payment.method.line"].create(
        {
            "payment_method_id": env.ref("account.account_payment_method_manual_in").id,
            "journal_id": journal.id,
            "payment_provider_id": created.id,
            "payment_account_id": journal.default_account_id.id,
        }
    )
    created.journal_id = journal
    return created


def create_token(env, token_provider, contract):
    return env["payment.token"].create(
        {
            "provider_id": token_provider.id,
            "payment_method_id": token_provider.payment_method_ids.id,
            "payment_details": "1234",
            "partner_id": contract.partner_id.id,
            "provider_ref": f"tok_{contract.id}",
        }
    )


def at_once(*works):
    """Run functions in threads; return their answers in order."""
    answers = [None] * len(works)

    def run(place, work):
        answers[place] = work()

    threads = [
        threading.Thread(target=run, args=(place, work))
        for place, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# === CHARGING ===


def charge_at_once(database, move_id, calls):
    with odoo_environment(database) as env:
        move = env["account.move"].browse(move_id)
        charge = env["payment.token.charge"]._create_attempt(move, provider.MONTH_END)
        charge_id = charge.id

    def charge():
        with odoo_environment(database) as env:
            env["payment.token.charge"].browse(charge_id)._charge()

    at_once(charge, charge)
    with odoo_environment(database) as env:
        print(len(calls), env["account.move"].browse(move_id).payment_state)


def plan_at_once(database, move_id):
    def plan():
        with odoo_environment(database) as env:
            company = env.ref("base.main_company")
            charges = env["payment.token.charge"].with_company(company)
            try:
                charges._plan(company, provider.MONTH_END)
            except SerializationFailure:
                env.cr.rollback()

    at_once(plan, plan)
    with odoo_environment(database) as env:
        print(env["payment.token.charge"].search_count([("move_id", "=", move_id)]))


# === REFUNDS ===


def create_refund(env, account_id, move_id, amount):
    """Return an approved refund of a credit note."""
    invoice = env["account.move"].browse(move_id)
    partner = invoice.partner_id
    note = env["account.move"].create(
        {
            "move_type": "out_refund",
            "partner_id": partner.id,
            "invoice_date": provider.MONTH,
            "journal_id": invoice.journal_id.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Devolução",
                        "price_unit": amount,
                        "account_id": invoice.invoice_line_ids[0].account_id.id,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
    )
    note.action_post()
    pix = env["res.partner.pix"].create(
        {"partner_id": partner.id, "key_type": "email", "key": f"c{amount}@example.com"}
    )
    refund = env["customer.refund"].create(
        {
            "partner_id": partner.id,
            "line_id": note.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).id,
            "account_id": account_id,
            "pix_id": pix.id,
            "reason": "Pago em dobro",
        }
    )
    refund.write({"state": "approved", "favoured": refund._describe_favoured()})
    return refund.id


def make_file(database, refund_id):
    """Return what the clerk is told; the web server tries “again” by itself."""
    with odoo_environment(database) as env:
        try:
            env["customer.refund"].browse(refund_id).action_make_file()
            env.flush_all()
            time.sleep(CALL_S)
        except (LockError, UserError) as error:
            env.cr.rollback()
            return type(error).__name__
        except SerializationFailure:
            env.cr.rollback()
            return "again"
    return "written"


def write_files_at_once(database, account_id, move_ids):
    with odoo_environment(database) as env:
        company = env.ref("base.main_company")
        env = company.with_company(company).env
        first, second = (
            create_refund(env, account_id, move_id, amount)
            for move_id, amount in zip(move_ids, (10, 20), strict=True)
        )
        third = create_refund(env, account_id, move_ids[0], 30)
    told = at_once(
        lambda: make_file(database, first), lambda: make_file(database, second)
    )
    for refund_id, answer in zip((first, second), told, strict=True):
        if answer == "again":
            make_file(database, refund_id)
    with odoo_environment(database) as env:
        files = env["customer.refund"].browse((first, second)).file_id
        print(*sorted(told), *sorted(files.mapped("number")))
    told = at_once(
        lambda: make_file(database, third), lambda: make_file(database, third)
    )
    again = [make_file(database, third) for answer in told if answer == "again"]
    with odoo_environment(database) as env:
        files = env["customer.refund.file"].search(
            [("refund_ids", "in", third), ("state", "=", "generated")]
        )
        print(told.count("written"), len(files), *again)


def main(database):
    (first, second), account_id = set_up(database)
    calls = []

    def _send_payment_request(transaction):
        calls.append(transaction.reference)
        time.sleep(CALL_S)
        transaction._set_done()

    registry = Registry(database)
    registry["payment.transaction"]._send_payment_request = _send_payment_request
    charge_at_once(database, first, calls)
    plan_at_once(database, second)
    write_files_at_once(database, account_id, (first, second))


if __name__ == "__main__":
    main(*sys.argv[1:])
