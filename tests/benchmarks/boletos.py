"""Boletos: composing their numbers, and printing them.

    setup/bench boletos [--titles N] [--jobs N] [--json]

The line to type (linha digitável) is composed anew for each title, with nosso número
and barcode. Each title is then printed as a PDF of its own, as it goes out with its
invoice: by one process, and by several that share the titles, as jobs do. Limits are
held against processor time, so that a busy machine says the same as a quiet one; on a
quiet one two processes take half the time of one.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import copying  # noqa: E402
import measuring  # noqa: E402
import templates  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

# Issue 5: a line, in milliseconds; a thousand PDFs on one core, in seconds.
LIMIT_LINE_MS = 1
LIMIT_PDF_S = 20
LIMIT_PDFS = 1_000
# What several processes may take together beyond the time of one.
LIMIT_LOSS_PERCENT = 25
BILLED = 100


# === WHAT IS MEASURED, each in its own process ===


def make_titles(database, titles):
    copying.make_titles(database, int(titles), BILLED)


def compose(database, titles):
    """Return the figures of composing the numbers of titles, and keep those."""
    figures = {}
    with odoo_environment(database) as env:
        found = env["collection.title"].search([], order="id", limit=int(titles))
        driver = found.account_id._get_driver()
        found.mapped("due_date")
        with measured(figures):
            lines = [driver._get_slip(title).linha_digitavel for title in found]
        if lines[:BILLED] != found[:BILLED].mapped("digitable_line"):
            raise SystemExit("✗ a line is not the one that was issued")
        # copies still have the lines of their originals, and would not be printed
        found._compose()
    return figures


def print_slips(database, titles, job, jobs):
    """Return the figures of printing a share of the titles."""
    figures = {}
    with odoo_environment(database) as env:
        found = env["collection.title"].search([], order="id", limit=int(titles))
        mine = found[int(job) :: int(jobs)]
        memory_before = peak_memory_mb()
        with measured(figures):
            for title in mine:
                if not title._render_pdf().startswith(b"%PDF"):
                    raise SystemExit("✗ no PDF")
    return figures | {"titles": len(mine), "grown_mb": peak_memory_mb() - memory_before}


# === THE MEASUREMENT ===


def measure(arguments):
    load = os.getloadavg()[0]
    say(f"load of the machine before: {load:.1f}")
    database = measuring.database_name(f"boletos{arguments.titles}")
    say(f"making {arguments.titles} boletos")
    run_apart("make", database, arguments.titles)
    composed = run_apart("compose", database, arguments.titles)
    line_ms = composed["cpu_seconds"] / arguments.titles * 1000
    print(
        f"{arguments.titles:>7} lines composed in {composed['seconds']:.1f} s, "
        f"{line_ms:.2f} ms of the processor each"
    )
    alone = measure_printing(database, arguments.titles, 1)
    together = measure_printing(database, arguments.titles, arguments.jobs)
    templates.drop_database(database)
    limit_s = LIMIT_PDF_S * arguments.titles / LIMIT_PDFS
    share = 1 + LIMIT_LOSS_PERCENT / 100
    ok = (
        line_ms <= LIMIT_LINE_MS
        and alone["cpu_seconds"] <= limit_s
        and together["cpu_seconds"] <= alone["cpu_seconds"] * share
    )
    print("ok" if ok else "TOO SLOW")
    return {
        "load": load,
        "ok": ok,
        "line_ms": line_ms,
        "alone": alone,
        "together": together,
    }


def measure_printing(database, titles, jobs):
    """Print all titles by so many processes; the slowest of them counts."""
    started = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        parts = list(
            pool.map(
                lambda job: run_apart("print", database, titles, job, jobs),
                range(jobs),
            )
        )
    figures = {
        "seconds": max(part["seconds"] for part in parts),
        "cpu_seconds": sum(part["cpu_seconds"] for part in parts),
        "with_start_seconds": time.perf_counter() - started,
        "grown_mb": max(part["grown_mb"] for part in parts),
    }
    print(
        f"{titles:>7} PDFs by {jobs} process(es) in {figures['seconds']:.1f} s "
        f"({figures['cpu_seconds']:.1f} s processor), "
        f"{figures['cpu_seconds'] / titles * 1000:.1f} ms each; "
        f"{figures['grown_mb']:.0f} MB more"
    )
    return figures


# === COMMAND LINE ===


def main():
    parser = argparse.ArgumentParser(prog="setup/bench boletos")
    parser.add_argument("--titles", type=int, default=LIMIT_PDFS)
    parser.add_argument("--jobs", type=int, default=2)
    measuring.run(
        parser,
        {"make": make_titles, "compose": compose, "print": print_slips},
        measure,
    )


if __name__ == "__main__":
    main()
