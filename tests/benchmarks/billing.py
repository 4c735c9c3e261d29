"""Billing a month: our billing run beside OCA contract's own cron.

    setup/bench billing [--contracts N] [--rounds N] [--json]
    setup/bench billing --sizes 500,2000,10000 [--json]

Both bill the same contracts on copies of one database, each in a process of
its own, in turns. Ours is timed from the simulation to the last batch; OCA's
from the search for contracts to the last invoice posted. With --sizes only
ours runs, to show that time per invoice and memory do not grow.
"""

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
import templates  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

from odoo.tools import split_every  # noqa: E402

# How much more than the smallest a size may cost: time per invoice, and memory.
FLAT_PERCENT = 20


# === WHAT IS MEASURED, each in its own process ===


def bill_with_run(database):
    """Bill with our run as its jobs would: a transaction for each batch."""
    with odoo_environment(database) as env:
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.state = "running"
        item_ids = run._get_items("pending").ids
        batch_size = run._batch_size
        env.cr.commit()
    for ids in split_every(batch_size, item_ids):
        with odoo_environment(database) as env:
            env["contract.billing.run"].browse(run.id)._process(list(ids))
    with odoo_environment(database) as env:
        run = env["contract.billing.run"].browse(run.id)
        run._finish()
        if run.state != "done" or run.failed_count:
            raise SystemExit(f"✗ the run failed: {run.item_ids.mapped('message')}")


def bill_with_cron(database):
    """Bill as OCA does: its cron, then its user posts what it made."""
    with odoo_environment(database) as env:
        env["contract.contract"].cron_recurring_create_invoice(provider.MONTH_END)
        env["account.move"].search([("state", "=", "draft")]).action_post()


def measure(method, database):
    """Return the figures of one method on one database."""
    with odoo_environment(database):
        pass  # loads the registry, which neither should pay for
    memory_before = peak_memory_mb()
    figures = {}
    with measured(figures):
        {"ours": bill_with_run, "peer": bill_with_cron}[method](database)
    with odoo_environment(database) as env:
        invoices, amount = env["account.move"]._read_group(
            [("move_type", "=", "out_invoice"), ("state", "=", "posted")],
            aggregates=["__count", "amount_total:sum"],
        )[0]
    return {
        **figures,
        "invoices": invoices,
        "amount": round(amount, 2),
        "peak_mb": peak_memory_mb(),
        "grown_mb": peak_memory_mb() - memory_before,
    }


# === DATABASES ===


def make_contracts(database, contracts):
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        provider.create_provider(env, int(contracts))


def hand_contracts_to_cron(database):
    """Let OCA's cron bill the contracts, which leaves those of ours alone."""
    with odoo_environment(database) as env:
        env["contract.contract"].search([]).generation_type = "invoice"
    with templates.server(database) as cursor:
        cursor.execute("ANALYZE")


# === THE COMPARISON ===


def bill_copy(method, source):
    """Return the figures of a method on a fresh copy of a database."""
    with measuring.fresh_copy(source) as database:
        return run_apart("measure", method, database)


def make_source(contracts):
    database = measuring.database_name(f"bill{contracts}")
    say(f"creating {contracts} contracts")
    run_apart("make", database, contracts)
    return database


def compare(contracts, rounds):
    """Bill with both methods in turns and return the figures of each round."""
    source = make_source(contracts)
    peer_source = f"{source}_peer"
    templates.copy_database(source, peer_source)
    run_apart("hand", peer_source)
    results = {"ours": [], "peer": []}
    for number in range(1, rounds + 1):
        for method, database in (("peer", peer_source), ("ours", source)):
            figures = bill_copy(method, database)
            say(f"round {number}, {method}: {rate(figures):.1f} invoices/s")
            results[method].append(figures)
    check_same_invoices(results, contracts)
    return results


def check_same_invoices(results, contracts):
    """Stop unless every round billed each contract once, for the same total."""
    outcomes = {
        (figures["invoices"], figures["amount"])
        for rounds in results.values()
        for figures in rounds
    }
    if len(outcomes) != 1 or outcomes.pop()[0] != contracts:
        raise SystemExit(f"✗ the methods do not bill the same: {results}")


def rate(figures):
    return figures["invoices"] / figures["seconds"]


def summarise(results, contracts):
    """Print both methods side by side and return the figures for --json."""
    medians = {
        method: {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
        for method, rounds in results.items()
    }
    ours, peer = medians["ours"], medians["peer"]
    ratio = statistics.median(
        rate(a) / rate(b) for a, b in zip(results["ours"], results["peer"], strict=True)
    )
    print(f"\n{contracts} contracts, median of {len(results['ours'])} rounds")
    print(f"{'':22}{'billing run':>14}{'OCA cron':>14}")
    print_row("invoices/s", rate(ours), rate(peer))
    print_row("processor, ms/invoice", cpu_ms(ours), cpu_ms(peer))
    print_row("queries per invoice", per_invoice(ours), per_invoice(peer))
    print_row("peak memory, MB", ours["peak_mb"], peer["peak_mb"])
    print_row("of it for billing, MB", ours["grown_mb"], peer["grown_mb"])
    print(f"same invoices: {ours['invoices']}, R$ {ours['amount']:.2f} on both sides")
    print(f"ratio: {ratio:.2f}")
    return {
        "contracts": contracts,
        "ours_per_s": round(rate(ours), 2),
        "peer_per_s": round(rate(peer), 2),
        "ratio": round(ratio, 2),
        "queries_per_invoice": round(per_invoice(ours), 2),
        "peak_mb": round(ours["peak_mb"], 1),
    }


def print_row(label, *numbers):
    print(f"{label:22}" + "".join(f"{number:14.1f}" for number in numbers))


def cpu_ms(figures):
    return 1000 * figures["cpu_seconds"] / figures["invoices"]


def per_invoice(figures):
    return figures["queries"] / figures["invoices"]


# === SIZES ===


def measure_sizes(sizes):
    """Print the run's figures at each size and return them for --json."""
    rows = []
    for contracts in sizes:
        source = make_source(contracts)
        figures = bill_copy("ours", source)
        templates.drop_database(source)
        check_same_invoices({"ours": [figures]}, contracts)
        rows.append(
            {
                "contracts": contracts,
                "ms_per_invoice": round(1000 / rate(figures), 2),
                "cpu_ms_per_invoice": round(cpu_ms(figures), 2),
                "queries_per_invoice": round(per_invoice(figures), 2),
                "peak_mb": round(figures["peak_mb"], 1),
            }
        )
    print()
    print(*(f"{name:>20}" for name in rows[0]))
    for row in rows:
        print(*(f"{number:>20}" for number in row.values()))
    flat = all(is_flat(rows, name) for name in ("ms_per_invoice", "peak_mb"))
    print("flat" if flat else "NOT FLAT", f"(at most {FLAT_PERCENT} % more)")
    return {"sizes": rows, "flat": flat}


def is_flat(rows, name):
    """Return whether no size costs much more than the first one."""
    return all(row[name] <= rows[0][name] * (1 + FLAT_PERCENT / 100) for row in rows)


# === COMMAND LINE ===


def measure_as_asked(arguments):
    if arguments.sizes:
        return measure_sizes([int(size) for size in arguments.sizes.split(",")])
    results = compare(arguments.contracts, arguments.rounds)
    return summarise(results, arguments.contracts)


def main():
    parser = argparse.ArgumentParser(prog="setup/bench billing")
    parser.add_argument("--contracts", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", help="such as 500,2000,10000: ours only")
    tasks = {"measure": measure, "make": make_contracts, "hand": hand_contracts_to_cron}
    measuring.run(parser, tasks, measure_as_asked)


if __name__ == "__main__":
    main()
