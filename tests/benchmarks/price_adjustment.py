"""Adjusting the prices of many contracts: simulate, apply, undo.

    setup/bench price_adjustment [--contracts N] [--workers N] [--json]

Each contract has a plan and an additional service, both older than a year.
The batches run as queue_job would run them: a transaction each, spread over
as many processes as there are workers.
"""

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
from measuring import measured, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

from odoo.tools import split_every  # noqa: E402

# What 10,000 contracts may take on two cores.
LIMITS_S = {"simulate": 30, "apply": 120}
EFFECTIVE_FROM = date(2027, 4, 1)
MODEL = "contract.price.adjustment"


# === TASKS, each in its own process ===


def make_contracts(database, contracts):
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        provider.create_provider(env, int(contracts))
        # As if a year had been billed.
        env.cr.execute("UPDATE contract_line SET last_date_invoiced = '2027-03-04'")
        env.cr.commit()


def simulate(database):
    """Simulate and hand the items over; return the adjustment and the figures."""
    with odoo_environment(database) as env:
        adjustment = env[MODEL].create(
            {
                "method": "percent",
                "percent": 4.56,
                "notice_days": 0,
                "effective_from": EFFECTIVE_FROM,
            }
        )
        env.cr.commit()
        figures = {}
        with measured(figures):
            adjustment.action_simulate()
            env.cr.commit()
        adjustment.state = "running"
        env.cr.commit()
        return {
            "adjustment_id": adjustment.id,
            **figures,
            "item_ids": adjustment._get_items("pending").ids,
            "left_out": adjustment.left_out_count,
            "difference": round(adjustment.difference, 2),
        }


def process(database, adjustment_id, batch_size, path):
    """Apply or undo the items in a file, a transaction for each batch."""
    with odoo_environment(database):
        pass  # loads the registry, which a worker has done before
    item_ids = json.loads(Path(path).read_text())
    figures = {}
    with measured(figures):
        for ids in split_every(int(batch_size), item_ids):
            with odoo_environment(database) as env:
                env[MODEL].browse(int(adjustment_id))._process(list(ids))
    return figures


def finish(database, adjustment_id):
    with odoo_environment(database) as env:
        adjustment = env[MODEL].browse(int(adjustment_id))
        adjustment._finish()
        amount = env["contract.event"]._read_group(
            [("kind", "=", "price")], aggregates=["mrr_change:sum"]
        )[0][0]
        return {
            "state": adjustment.state,
            "done": adjustment.done_count,
            "messages": adjustment.item_ids.filtered("message").mapped("message")[:3],
            "mrr_change": round(amount, 2),
        }


# === THE MEASUREMENT ===


def apply(database, adjustment_id, item_ids, workers, batch_size):
    """Return what the slowest worker took, and all of them together."""
    shares = [item_ids[number::workers] for number in range(workers)]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(number)) for number in range(workers)]
        for path, share in zip(paths, shares, strict=True):
            path.write_text(json.dumps(share))
        with ThreadPoolExecutor(workers) as pool:
            figures = list(
                pool.map(
                    lambda path: run_apart(
                        "process", database, adjustment_id, batch_size, path
                    ),
                    paths,
                )
            )
    return {
        "seconds": max(figure["seconds"] for figure in figures),
        "cpu_seconds": sum(figure["cpu_seconds"] for figure in figures),
        "queries": sum(figure["queries"] for figure in figures),
    }


def measure(contracts, workers, batch_size):
    database = measuring.database_name(f"price{contracts}")
    say(f"creating {contracts} contracts")
    run_apart("make", database, contracts)
    simulated = run_apart("simulate", database)
    item_ids = simulated.pop("item_ids")
    adjustment_id = simulated["adjustment_id"]
    applied = apply(database, adjustment_id, item_ids, workers, batch_size)
    outcome = run_apart("finish", database, adjustment_id)
    if outcome["state"] != "done" or outcome["done"] != contracts:
        raise SystemExit(f"✗ not all contracts were adjusted: {outcome}")
    if outcome["mrr_change"] != simulated["difference"]:
        raise SystemExit(f"✗ applied is not what was simulated: {outcome}")
    return {
        "contracts": contracts,
        "workers": workers,
        "simulate_s": round(simulated["seconds"], 1),
        "simulate_cpu_s": round(simulated["cpu_seconds"], 1),
        "simulate_queries": simulated["queries"],
        "apply_s": round(applied["seconds"], 1),
        "apply_cpu_s": round(applied["cpu_seconds"], 1),
        "apply_queries_per_contract": round(applied["queries"] / contracts, 2),
        "mrr_effect": outcome["mrr_change"],
    }


def measure_as_asked(arguments):
    figures = measure(arguments.contracts, arguments.workers, arguments.batch_size)
    for name, value in figures.items():
        print(f"{name:30}{value:>14}")
    share = arguments.contracts / 10_000
    within = all(
        figures[f"{step}_s"] <= limit * share for step, limit in LIMITS_S.items()
    )
    print("within" if within else "NOT WITHIN", "30 s and 120 s for 10,000 contracts")
    return figures


def main():
    parser = argparse.ArgumentParser(prog="setup/bench price_adjustment")
    parser.add_argument("--contracts", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=100)
    tasks = {
        "make": make_contracts,
        "simulate": simulate,
        "process": process,
        "finish": finish,
    }
    measuring.run(parser, tasks, measure_as_asked)


if __name__ == "__main__":
    main()
