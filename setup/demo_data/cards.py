"""Saved cards, charged at renewal with Odoo's demo provider."""

from datetime import datetime, time, timedelta

from freezegun import freeze_time

from .jobs import do_jobs
from .progress import say

CHARGING = "root.token_charge"
MORNING = time(12)  # UTC; nine in São Paulo
# What the provider says to each card, attempt by attempt; then all are paid.
STORIES = (
    # The program ended while this was being charged for the second time.
    {"digits": "0077", "says": ["done", None]},
    {"digits": "8731", "says": ["error"] * 4},
    {"digits": "1881", "says": ["done", "pending"]},
    {"digits": "5454", "says": ["error", "error", "done", "error"]},
    {"digits": "4242", "says": []},
)


def agree(env, contracts, month):
    """Let customers save a card and pay their contracts with it."""
    if not contracts:
        return
    say("saved cards")
    provider = _set_up_provider(env)
    for contract, tale in zip(contracts, STORIES, strict=False):
        token = env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "payment_details": tale["digits"],
                "partner_id": contract.partner_id.id,
                "provider_ref": f"demo-{tale['digits']}",
                "demo_simulated_state": "done",
            }
        )
        contract.write({"payment_token_id": token.id, "payment_token_since": month})


def _set_up_provider(env):
    provider = env.ref("payment.payment_provider_demo")
    journal = env["account.journal"].create(
        {"name": "Cartões (demonstração)", "code": "CART", "type": "bank"}
    )
    provider.write({"state": "test", "journal_id": journal.id})
    lines = journal.inbound_payment_method_line_ids
    lines.filtered(
        lambda line: line.payment_provider_id == provider
    ).payment_account_id = journal.default_account_id
    return provider


# === A MONTH ===


def live(env, contracts, month, until):
    """Charge a month's invoices on their days, as the daily job does; commits."""
    moves = contracts.charge_ids.move_id.filtered(
        lambda move: move.invoice_date_due >= month
    )
    days = _get_days(env, moves, until)
    if not days:
        return
    say(f"saved cards charged in {month:%m/%Y}")
    charges = env["payment.token.charge"].sudo()
    with freeze_time(month, tick=True) as clock:
        for day in days:
            clock.move_to(datetime.combine(day, MORNING))
            charges._cron_charge_saved_methods(today=day)
            _let_provider_answer(env, contracts)
            env.cr.commit()
            for _job in do_jobs(env, CHARGING):
                pass


def _get_days(env, moves, until):
    """Return the days on which an invoice may be charged, up to one."""
    waits = (0, *env.company._get_token_retry_days())
    days = {
        move.invoice_date_due + timedelta(days=wait) for move in moves for wait in waits
    }
    if days:
        days.add(min(days) + timedelta(days=1))
    return sorted(day for day in days if day <= until)


def _let_provider_answer(env, contracts):
    """Tell the provider what it says to the attempts that wait."""
    for contract, tale in zip(contracts, STORIES, strict=False):
        charges = contract.token_charge_ids
        waiting = charges.filtered(lambda charge: charge.state == "waiting")
        answers = dict(enumerate(tale["says"], 1))
        answer = answers.get(len(charges), "done")
        if waiting and answer is None:
            waiting.sudo()._claim()
        elif waiting:
            waiting.token_id.demo_simulated_state = answer
