"""What a contract adds to a payment: service restored, event, job.

    setup/bench payment [--pairs N] [--json]

Invoices of blocked contracts are paid one by one, each in its transaction, by
turns as Odoo alone would do it and with what the contract does on top. The
same is measured for contracts that nothing restricts.
"""

import argparse
import statistics
import sys
from datetime import timedelta
from itertools import batched
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
import templates  # noqa: E402
from measuring import measured, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

# Milliseconds a payment may take longer than the payment alone.
LIMIT_MS = 50
WARM_UP = 5
KINDS = ("blocked", "in service")


# === WHAT IS MEASURED, each in its own process ===


def make_invoices(database, pairs):
    """Bill contracts, and block the first half of them for their invoice."""
    measuring.copy_template(database)
    contracts = 4 * (int(pairs) + WARM_UP)
    with odoo_environment(database) as env:
        provider.create_provider(env, contracts)
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.with_context(queue_job__no_delay=True).action_start()
        env.cr.commit()
        charges = env["contract.charge"].search([("move_id", "!=", False)])
        billed = charges.contract_id.sorted("id")
        if len(billed) != contracts:
            raise SystemExit(f"✗ {len(billed)} contracts billed, not {contracts}")
        block(billed[: contracts // 2])
        # a job that waits would be joined instead of one more being queued
        env["queue.job"].search([]).state = "done"
        env.cr.commit()
    with templates.server(database) as cursor:
        cursor.execute("ANALYZE")


def block(contracts):
    """Write that the invoice of each contract led to a block."""
    day = provider.MONTH_END + timedelta(days=30)
    contracts.env["contract.dunning.entry"].create(
        [
            {
                "contract_id": contract.id,
                "move_id": contract.charge_ids.move_id[:1].id,
                "kind": "block",
                "date": day,
            }
            for contract in contracts
        ]
    )
    contracts._refresh_service_state(day)
    if set(contracts.mapped("service_state")) != {"blocked"}:
        raise SystemExit("✗ a contract is not blocked")


def pay(database, kind):
    """Pay by turns alone and with the contract; return the figures of each."""
    state = {"blocked": "blocked", "in service": "full"}[kind]
    with odoo_environment(database) as env:
        # those of the other kind are paid by now
        contracts = env["contract.contract"].search(
            [
                ("service_state", "=", state),
                ("charge_ids.move_id.payment_state", "=", "not_paid"),
            ],
            order="id",
        )
        ids = contracts.ids
    figures = {"alone": [], "with contract": []}
    for number, pair in enumerate(batched(ids, 2)):
        for contract_id, way in zip(pair, figures, strict=False):
            found = pay_one(database, contract_id, way, kind)
            if number >= WARM_UP:
                figures[way].append(found)
    return figures


def pay_one(database, contract_id, way, kind):
    """Pay the invoice of a contract in a transaction of its own."""
    found = {}
    with odoo_environment(database) as env:
        contract = env["contract.contract"].browse(contract_id)
        move = contract.charge_ids.move_id[:1]
        hooks = mock.patch.object(
            type(env["account.move"]),
            "_refresh_contract_service",
            lambda self: None,
        )
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        jobs = count_jobs(env)
        env.invalidate_all()
        if way == "alone":
            hooks.start()
        with measured(found):
            register.create({})._create_payments()
            env.cr.commit()
        if way == "alone":
            hooks.stop()
        else:
            check_service(contract, count_jobs(env) - jobs, kind)
        if move.payment_state != "paid":
            raise SystemExit(f"✗ {move.name} is not paid")
    return found


def count_jobs(env):
    return env["queue.job"].search_count([("method_name", "=", "_tell_service_state")])


def check_service(contract, jobs, kind):
    """Stop unless a blocked contract has its service, one event and one job."""
    event = contract.event_ids.sorted("id")[-1]
    found = (contract.service_state, contract.overdue_state, event.from_state, jobs)
    before, queued = {"blocked": ("blocked", 1), "in service": ("none", 0)}[kind]
    if found != ("full", "none", before, queued):
        raise SystemExit(f"✗ {contract.code}: {found}")


# === THE MEASUREMENT ===


def measure(pairs):
    database = measuring.database_name("payment")
    say(f"billing {4 * (pairs + WARM_UP)} contracts")
    run_apart("make", database, pairs)
    return [summarise(kind, run_apart("pay", database, kind)) for kind in KINDS]


def summarise(kind, figures):
    """Print both ways side by side and return the figures for --json."""
    medians = {
        way: {
            name: statistics.median(found[name] for found in results)
            for name in results[0]
        }
        for way, results in figures.items()
    }
    print(f"{kind}, {len(figures['alone'])} payments each")
    for way, median in medians.items():
        print(
            f"  {way:16}{1000 * median['seconds']:>8.1f} ms"
            f"{1000 * median['cpu_seconds']:>8.1f} ms processor"
            f"{median['queries']:>8.0f} queries"
        )
    alone, both = medians["alone"], medians["with contract"]
    difference = 1000 * (both["seconds"] - alone["seconds"])
    fits = difference <= LIMIT_MS
    print(f"  {'ok' if fits else 'TOO SLOW'}: {difference:.1f} ms more")
    return {
        "kind": kind,
        "alone_ms": round(1000 * alone["seconds"], 1),
        "with_contract_ms": round(1000 * both["seconds"], 1),
        "difference_ms": round(difference, 1),
        "queries_more": both["queries"] - alone["queries"],
        "ok": fits,
    }


# === COMMAND LINE ===


def main():
    parser = argparse.ArgumentParser(prog="setup/bench payment")
    parser.add_argument("--pairs", type=int, default=40)
    measuring.run(
        parser,
        {"make": make_invoices, "pay": pay},
        lambda arguments: measure(arguments.pairs),
    )


if __name__ == "__main__":
    main()
