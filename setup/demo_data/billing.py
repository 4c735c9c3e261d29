"""Bill a month in one billing run, as its screen and its jobs do."""

import time
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from .jobs import do_jobs
from .progress import Progress

CHANNEL = "root.billing"


@dataclass
class Figures:
    """What a run did."""

    billed: int = 0
    invoices: int = 0
    charges: int = 0
    amount: float = 0.0
    failed: int = 0
    seconds: float = 0.0


def bill_month(env, month, today):
    """Bill what falls due in a month; what is billed already stays as it is.

    An interrupted run is finished. Commits each step and each batch.

    :return: the run, or an empty one where there was nothing to bill; Figures
        of what this call did
    """
    started = time.monotonic()
    run = find_run(env, month, ("draft", "simulated", "approved", "running"))
    if not run:
        if not _find_unbilled(env, month):
            return run, Figures()
        run = run.create({"date_from": month, "invoice_date": min(month, today)})
    before = _count(run)
    _take_steps(run)
    figures = _count(run)
    for name, value in vars(before).items():
        setattr(figures, name, getattr(figures, name) - value)
    figures.failed = run.failed_count
    figures.seconds = time.monotonic() - started
    return run, figures


def find_run(env, month, states):
    """Return the newest run of a whole month that bills all contracts."""
    runs = env["contract.billing.run"].search(
        [
            ("company_id", "=", env.company.id),
            ("date_from", "=", month),
            ("date_to", "=", month + relativedelta(day=31)),
            ("state", "in", states),
        ]
    )
    return runs.filtered(lambda run: run._get_filter_domain().is_true())[:1]


def _find_unbilled(env, month):
    """Return the contracts due in a month that no run of it has refused."""
    run = env["contract.billing.run"].new({"date_from": month})
    contracts = env["contract.contract"].search(run._get_contract_domain())
    refused = env["contract.billing.run.item"].search(
        [
            ("run_id.date_from", "=", month),
            ("run_id.state", "=", "done"),
            ("state", "=", "failed"),
        ]
    )
    return contracts - refused.contract_id


def _take_steps(run):
    """Press the run's buttons, then do the jobs that they queue."""
    env = run.env
    if run.state == "draft":
        run.action_simulate()
        env.cr.commit()
    if run.state == "simulated":
        if not run.pending_count:
            run.action_cancel()
            env.cr.commit()
            return
        run.action_approve()
        env.cr.commit()
    if run.state == "approved":
        run.action_start()
        env.cr.commit()
    _work(run)


def _work(run):
    """Do the queued jobs of billing here, one after the other."""
    progress = Progress(f"Billing {run.date_from:%m/%Y}", run.item_count)
    progress.advance(run.done_count + run.failed_count)
    shown = run.done_count + run.failed_count
    for _job in do_jobs(run.env, CHANNEL):
        worked = run.done_count + run.failed_count
        progress.advance(worked - shown)
        shown = worked


def _count(run):
    charges = run.charge_ids.filtered("move_id")
    return Figures(
        billed=run.done_count,
        invoices=len(charges.move_id),
        charges=len(charges),
        amount=sum(charges.mapped("amount")),
    )
