"""Most customers pay; a few pay late, in part, twice, or not yet."""

from datetime import timedelta

from .banks import get_banks
from .customers import draw
from .debtors import find_debtors
from .progress import Progress

PAID_SHARE = 0.93
PARTLY_SHARE = 0.02
LATE_SHARE = 0.06
LATEST_DAYS = 18
# A payment of a boleto that was never issued here.
UNKNOWN_NUMBER = "987654"
UNKNOWN_AMOUNT = "89.90"


def settle(env, month_run, until, paid_share=PAID_SHARE):
    """Import the banks' returns of what customers paid of a run's boletos.

    One file for each bank and day of payment before a day; commits each.
    """
    slips = _draw_payments(env, month_run, until, paid_share)
    progress = Progress(f"Payments {month_run.date_from:%m/%Y}", len(slips))
    for bank in get_banks(env):
        by_day = {}
        for title, day, share in slips:
            if title.account_id == bank.account:
                by_day.setdefault(day, []).append((title, share))
        for day, paid in sorted(by_day.items()):
            _pay(bank, day, paid)
            bank.give_return(day)
            env.invalidate_all()
            progress.advance(len(paid))


def puzzle(env, day):
    """Let boletos be paid twice, in part, and without having been issued, once."""
    if env["collection.event"].search_count([("title_id", "=", False)]):
        return
    bank = get_banks(env)[0]
    for title in _find_titles(bank, "paid"):
        bank.files.pay(title.nosso_numero, on=day)
    for title in _find_titles(bank, "registered"):
        part = f"{title.currency_id.round(title.amount / 2):.2f}"
        bank.files.pay(title.nosso_numero, on=day, amount=part)
    bank.files.pay_unknown(UNKNOWN_NUMBER, UNKNOWN_AMOUNT, on=day)
    bank.give_return(day)


def _find_titles(bank, state):
    """Return the newest title in a state, of a customer who is no debtor."""
    return bank.account.env["collection.title"].search(
        [
            ("account_id", "=", bank.account.id),
            ("state", "=", state),
            ("partner_id", "not in", find_debtors(bank.account.env).ids),
        ],
        order="due_date desc, id",
        limit=1,
    )


def _draw_payments(env, month_run, until, paid_share):
    """Return (title, day, share of the amount) of each boleto that is paid."""
    debtors = find_debtors(env)
    titles = month_run.charge_ids.move_id.collection_title_ids.filtered(
        lambda title: (
            title.state == "registered"
            and title.partner_id not in debtors
            and title.due_date < until
        )
    ).sorted("id")
    drawn = [
        (
            title,
            title.due_date + timedelta(days=_draw_delay(title.move_id)),
            _draw_share(title.move_id, paid_share),
        )
        for title in titles
    ]
    return [slip for slip in drawn if slip[2] and slip[1] < until]


def _draw_share(move, paid_share):
    """Return the part of the invoice that was paid, 0 for none."""
    chance = draw(move.id, "payment").random()
    if chance < paid_share:
        return 1.0
    return 0.5 if chance < paid_share + PARTLY_SHARE else 0.0


def _draw_delay(move):
    """Return how many days after the due date the invoice was paid."""
    lot = draw(move.id, "delay")
    return lot.randint(3, LATEST_DAYS) if lot.random() < LATE_SHARE else 0


def _pay(bank, day, paid):
    """Pay at the bank, which takes fine and interest with the whole amount."""
    moves = bank.account.env["account.move"].union(
        *(title.move_id for title, _share in paid)
    )
    late = moves._prepare_late_charges_of_each(day)
    for title, share in paid:
        owed = f"{sum(vals['amount'] for vals in late.get(title.move_id, ())):.2f}"
        if share == 1:
            bank.files.pay(title.nosso_numero, on=day, interest=owed)
        else:
            part = f"{title.currency_id.round(title.amount * share):.2f}"
            bank.files.pay(title.nosso_numero, on=day, amount=part)
