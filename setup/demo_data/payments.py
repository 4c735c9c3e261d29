"""Most customers pay; a few pay in part, or not yet."""

from odoo.fields import Command

from .customers import draw
from .progress import Progress

PAID_SHARE = 0.93
PARTLY_SHARE = 0.02
BATCH_SIZE = 200


def settle(env, month_run, until, paid_share=PAID_SHARE):
    """Book what customers paid of a run's invoices due before a day.

    As a bank's return file does: one entry for each due date, on which every
    paid slip is a line. Commits by batch.
    """
    moves = month_run.charge_ids.move_id.filtered(
        lambda move: (
            move.move_type == "out_invoice"
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
        by_day.setdefault(move.invoice_date_due, []).append((move, share))
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


def _book_return(env, day, slips):
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    receivables = [
        move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        for move, _share in slips
    ]
    lines = [
        _prepare_line(receivable, share)
        for receivable, (_move, share) in zip(receivables, slips, strict=True)
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


def _prepare_line(receivable, share):
    currency = receivable.currency_id
    return {
        "account_id": receivable.account_id.id,
        "partner_id": receivable.partner_id.id,
        "name": receivable.move_id.name,
        "credit": currency.round(receivable.debit * share),
    }
