"""Most customers pay; a few pay late, in part, or not yet."""

from datetime import timedelta

from odoo.fields import Command

from .customers import draw
from .debtors import find_debtors
from .progress import Progress

PAID_SHARE = 0.93
PARTLY_SHARE = 0.02
LATE_SHARE = 0.06
LATEST_DAYS = 18
BATCH_SIZE = 200


def settle(env, month_run, until, paid_share=PAID_SHARE):
    """Book what customers paid of a run's invoices due before a day.

    As a bank's return file does: one entry for each day of payment, on which
    every paid slip is a line. Commits by batch.
    """
    debtors = find_debtors(env)
    moves = month_run.charge_ids.move_id.filtered(
        lambda move: (
            move.partner_id not in debtors
            and move.move_type == "out_invoice"
            and move.invoice_date_due < until
            and move.payment_state == "not_paid"
        )
    ).sorted("id")
    paid = [
        (move, share) for move in moves if (share := _draw_payment(move, paid_share))
    ]
    progress = Progress(f"Payments {month_run.date_from:%m/%Y}", len(paid))
    by_day = {}
    for move, share in paid:
        day = move.invoice_date_due + timedelta(days=_draw_delay(move))
        if day < until:
            by_day.setdefault(day, []).append((move, share))
    for day, slips in sorted(by_day.items()):
        for start in range(0, len(slips), BATCH_SIZE):
            batch = slips[start : start + BATCH_SIZE]
            _book_return(env, day, batch)
            env.cr.commit()
            env.invalidate_all()
            progress.advance(len(batch))


def _draw_payment(move, paid_share):
    """Return the part of the invoice that was paid, 0 for none."""
    chance = draw(move.id, "payment").random()
    if chance < paid_share:
        return 1.0
    return 0.5 if chance < paid_share + PARTLY_SHARE else 0.0


def _draw_delay(move):
    """Return how many days after the due date the invoice was paid."""
    lot = draw(move.id, "delay")
    return lot.randint(3, LATEST_DAYS) if lot.random() < LATE_SHARE else 0


def _book_return(env, day, slips):
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    receivables = [
        move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        for move, _share in slips
    ]
    moves = env["account.move"].union(*(move for move, _share in slips))
    late = moves._prepare_late_charges_of_each(day)
    lines = [
        _prepare_line(receivable, share, late.get(move, ()))
        for receivable, (move, share) in zip(receivables, slips, strict=True)
    ]
    name = f"Retorno bancário {day:%d/%m/%Y}"
    entry = env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day,
            "ref": name,
            "line_ids": [
                Command.create(
                    {
                        "account_id": journal.default_account_id.id,
                        "name": name,
                        "debit": sum(line["credit"] for line in lines),
                    }
                ),
                *map(Command.create, lines),
            ],
        }
    )
    entry.action_post()
    credits = entry.line_ids.filtered("credit").sorted("id")
    env["account.move.line"]._reconcile_plan(
        [debit | credit for debit, credit in zip(receivables, credits, strict=True)]
    )


def _prepare_line(receivable, share, late):
    """Return a paid slip; banks take fine and interest with the whole amount."""
    currency = receivable.currency_id
    fine_and_interest = sum(vals["amount"] for vals in late) if share == 1 else 0.0
    return {
        "account_id": receivable.account_id.id,
        "partner_id": receivable.partner_id.id,
        "name": receivable.move_id.name,
        "credit": currency.round(receivable.debit * share + fine_and_interest),
    }
