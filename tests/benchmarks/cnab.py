"""Files with a bank: a remittance written, the bank's return read.

    setup/bench cnab [--titles N] [--json]

Titles are those of the benchmark of collections. The remittance holds the
registration of each and is given to the simulator of the bank, which pays each title
once; what it gives back is read. Both are what a person waits for, without storing or
settling.
"""

import argparse
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import copying  # noqa: E402
import measuring  # noqa: E402
import templates  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402
from simulators.bank_files import BankFiles  # noqa: E402

# For 10,000 titles (issue 5).
LIMIT_S = 20
LIMIT_TITLES = 10_000
BILLED = 100


def make(database, titles):
    """Bill some contracts, and copy them until there are so many."""
    copying.make_titles(database, int(titles), BILLED)


def exchange(database):
    """Return the figures of a remittance and of the return that answers it."""
    checking, writing, reading = {}, {}, {}
    with odoo_environment(database) as env:
        account = env["collection.account"].search([])
        driver = account._get_driver()
        instructions = env["collection.instruction"].search([], order="id")
        first = min(instructions.title_id.mapped("due_date"))
        memory_before = peak_memory_mb()
        env.invalidate_all()
        with measured(checking):
            obstacles = instructions._get_obstacles(first)
        env.invalidate_all()
        with measured(writing):
            day = datetime(first.year, first.month, first.day)
            sent = driver._write_remittance(account, instructions, 1, day)
        grown = peak_memory_mb() - memory_before
        returned = _pay_all(sent)
        memory_before = peak_memory_mb()
        with measured(reading):
            found = driver._read_return(account, returned)
    return {
        "titles": len(instructions),
        "obstacles": len(set(obstacles.values())),
        "checking": checking,
        "writing": writing | {"grown_mb": grown},
        "reading": reading | {"grown_mb": peak_memory_mb() - memory_before},
        "read_events": len(found.events),
    }


def _pay_all(sent):
    bank = BankFiles()
    titles = bank.receive(sent)
    bank.make_return(titles[0].due_date)
    for title in titles:
        bank.pay(title.number, on=title.due_date)
    return bank.make_return(titles[0].due_date + timedelta(days=1))


def measure(arguments):
    load = os.getloadavg()[0]
    say(f"load of the machine before: {load:.1f}")
    database = measuring.database_name(f"cnab{arguments.titles}")
    say(f"issuing {arguments.titles} boletos")
    run_apart("make", database, arguments.titles)
    figures = run_apart("exchange", database)
    templates.drop_database(database)
    for step in ("checking", "writing", "reading"):
        took = figures[step]
        print(
            f"{figures['titles']:>7} titles: {step} took {took['seconds']:.1f} s "
            f"({took['cpu_seconds']:.1f} s processor), {took['queries']} queries, "
            f"{took.get('grown_mb', 0):.0f} MB more"
        )
    if figures["read_events"] != arguments.titles or figures["obstacles"]:
        raise SystemExit("✗ not every title went out and came back")
    limit = LIMIT_S * arguments.titles / LIMIT_TITLES
    ok = figures["checking"]["seconds"] + figures["writing"]["seconds"] <= limit
    print("ok" if ok else "TOO SLOW")
    return {"load": load, "ok": ok, **figures}


def main():
    parser = argparse.ArgumentParser(prog="setup/bench cnab")
    parser.add_argument("--titles", type=int, default=LIMIT_TITLES)
    measuring.run(parser, {"make": make, "exchange": exchange}, measure)


if __name__ == "__main__":
    main()
