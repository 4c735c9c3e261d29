"""Collecting a month: boletos issued, and a bank's return settled.

    setup/bench collections [--titles N] [--json]
    setup/bench collections --sizes 1000,10000 [--json]
    setup/bench collections --titles 500 --compare

Some contracts are billed with their boletos and copied in the database, with all that
was billed, until there are as many as asked; --compare bills as many besides, to show
that both settle alike. The bank then tells what became of the boletos: of each hundred,
ninety were paid in time, seven late with fine and interest, one in part, one twice, and
one payment is of a boleto nobody knows. Settling runs as its jobs would: a transaction
for each batch.
"""

import argparse
import os
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import copying  # noqa: E402
import measuring  # noqa: E402
import templates  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

from odoo.tools import split_every  # noqa: E402

# For 10,000 settlements (issue 5).
LIMIT_S = 120
LIMIT_TITLES = 10_000
LIMIT_QUERIES = 15
# How much more than the smallest size a title may cost, and memory.
FLAT_PERCENT = 20
# Plans, due days and services of the provider repeat after so many contracts.
BILLED = 105
LATE_DAYS = 15
FEE = Decimal("1.49")


# === WHAT IS MEASURED, each in its own process ===


def make_titles(database, titles, billed):
    """Make as many titles of Itaú's, of which so many are billed one by one."""
    titles, billed = int(titles), min(int(titles), int(billed))
    copying.make_titles(database, titles, billed)


def settle(database, titles):
    """Return the figures of receiving and settling what the bank tells."""
    with odoo_environment(database) as env:
        account = env["collection.account"].search([])
        told = _tell(env, int(titles))
    memory_before = peak_memory_mb()
    receiving, settling = {}, {}
    with measured(receiving), odoo_environment(database) as env:
        events = env["collection.event"]._receive(
            env["collection.account"].browse(account.id), told
        )
        ids = events.ids
    batch_size = 500
    with measured(settling):
        for batch in split_every(batch_size, ids):
            with odoo_environment(database) as env:
                env["collection.event"].browse(batch)._settle()
    return {
        "told": len(told),
        **{f"receive_{name}": value for name, value in receiving.items()},
        **settling,
        **_count_outcomes(database),
        "peak_mb": peak_memory_mb(),
        "grown_mb": peak_memory_mb() - memory_before,
    }


def _tell(env, titles):
    """Return what the bank tells of so many titles."""
    from odoo.addons.contract_fiscal_br.tools.collection_event import CollectionEvent

    told = []
    found = env["collection.title"].search([], order="id", limit=titles)
    for number, title in enumerate(found):
        kind = number % 100
        amount = Decimal(str(title.amount)).quantize(Decimal("0.01"))
        late = _get_late_amount(amount) if kind < 7 else Decimal(0)
        paid = amount / 2 if kind == 7 else amount + late
        paid = paid.quantize(Decimal("0.01"))
        paid_on = title.due_date + timedelta(days=LATE_DAYS if late else 0)
        event = CollectionEvent(
            "paid",
            "06",
            paid_on,
            nosso_numero="9" * 8 if kind == 8 else title.nosso_numero,
            amount=amount,
            paid=paid,
            fee=FEE,
            net=paid - FEE,
            credit_date=paid_on + timedelta(days=1),
            line=number + 2,
        )
        told += [event, event] if kind == 9 else [event]
    return told


def _get_late_amount(amount):
    """Return 2 % fine and 1 % a month of interest for 15 days."""
    fine = (amount * Decimal("0.02")).quantize(Decimal("0.01"))
    interest = (amount * Decimal("0.01") * LATE_DAYS / 30).quantize(Decimal("0.01"))
    return fine + interest


def _count_outcomes(database):
    with odoo_environment(database) as env:
        rows = env["collection.event"]._read_group([], ["outcome"], ["__count"])
        failed = env["collection.event"].search([("state", "!=", "done")])
        if failed:
            raise SystemExit(f"✗ not settled: {set(failed.mapped('message'))}")
        money, posted = env["collection.event"]._read_group(
            [],
            aggregates=["paid:sum", "id:recordset"],
        )[0]
        landed = sum(
            event.applied_amount
            + event.credit_amount
            + event.suspense_amount
            - event.concession_amount
            for event in posted
        )
        if round(money - landed, 2):
            raise SystemExit(f"✗ {money} came in, {landed} was put somewhere")
        return {"outcomes": {str(outcome): count for outcome, count in rows}}


# === THE MEASUREMENT ===


def measure(sizes, compare):
    load = os.getloadavg()[0]
    say(f"load of the machine before: {load:.1f}")
    results = [measure_size(size) for size in sizes]
    ok = all(is_within_limits(result) for result in results)
    if len(results) > 1:
        ok = is_flat(results) and ok
    if compare:
        billed = measure_size(sizes[0], billed=sizes[0])
        ok = is_alike(results[0], billed) and ok
    print("ok" if ok else "TOO SLOW")
    return {"load": load, "ok": ok, "sizes": results}


def measure_size(size, billed=BILLED):
    database = measuring.database_name(f"collect{size}_{billed}")
    say(f"making {size} boletos, {min(size, billed)} of them billed")
    run_apart("make", database, size, billed)
    figures = run_apart("settle", database, size)
    templates.drop_database(database)
    told = figures["told"]
    print(
        f"{told:>7} settled in {figures['seconds']:.1f} s "
        f"({figures['cpu_seconds']:.1f} s processor), "
        f"{figures['queries'] / told:.1f} queries each; received in "
        f"{figures['receive_seconds']:.1f} s; {figures['grown_mb']:.0f} MB more"
    )
    print(f"        {figures['outcomes']}")
    return {"size": size, **figures}


def is_alike(copied, billed):
    """Return whether copies settle to the same, in about the same time.

    Processor time is compared: both share the machine with others, one after the other.
    """
    dearer = copied["cpu_seconds"] / billed["cpu_seconds"] - 1
    print(f"        copied titles take {dearer:+.0%} processor time of billed ones")
    if copied["outcomes"] != billed["outcomes"]:
        raise SystemExit("✗ copied titles end otherwise than billed ones")
    return abs(dearer) <= FLAT_PERCENT / 100


def is_within_limits(figures):
    told = figures["told"]
    limit_s = LIMIT_S * told / LIMIT_TITLES
    seconds = figures["seconds"] + figures["receive_seconds"]
    return seconds <= limit_s and figures["queries"] <= LIMIT_QUERIES * told


def is_flat(results):
    """Return whether a title costs the same however many there are."""
    first, last = results[0], results[-1]
    dearer = last["seconds"] / last["told"] / (first["seconds"] / first["told"]) - 1
    larger = last["peak_mb"] / first["peak_mb"] - 1
    print(f"        a title costs {dearer:+.0%} time, {larger:+.0%} memory")
    return max(dearer, larger) <= FLAT_PERCENT / 100


# === COMMAND LINE ===


def main():
    parser = argparse.ArgumentParser(prog="setup/bench collections")
    parser.add_argument("--titles", type=int, default=LIMIT_TITLES)
    parser.add_argument("--sizes", help="several, with commas, the smallest first")
    parser.add_argument(
        "--compare", action="store_true", help="with as many that are billed"
    )
    measuring.run(
        parser,
        {"make": make_titles, "settle": settle},
        lambda arguments: measure(
            [int(size) for size in arguments.sizes.split(",")]
            if arguments.sizes
            else [arguments.titles],
            arguments.compare,
        ),
    )


if __name__ == "__main__":
    main()
