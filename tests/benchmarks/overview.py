"""The home screen of receivables, the health of all contracts, the XLSX file.

    setup/bench overview [--sizes 1000,10000,100000] [--json]

The contracts in debt are those of the benchmark of dunning. Each call is the one
the browser makes, under an administrator, in a process that has loaded its
registry; health is refreshed twice: once for the first time, when every contract
gets its colour, and once when nothing changes, as on most nights.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import dunning  # noqa: E402
import measuring  # noqa: E402
from measuring import measured, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

LIMIT_S = 3  # for the screen over 100,000 contracts: people wait for it


def show(database):
    """Ask for the screen twice, and for what today's run will do."""
    first, second, forecast = {}, {}, {}
    with odoo_environment(database):
        pass  # loads the registry
    with odoo_environment(database) as env:
        overview = env["contract.overview"]
        dunning_day = type(env.company)._get_local_date
        type(env.company)._get_local_date = lambda company: dunning.TODAY
        try:
            with measured(first):
                data = overview.get_overview()
            env.invalidate_all()
            with measured(second):
                overview.get_overview()
            with measured(forecast):
                run = overview.get_run_forecast()
        finally:
            type(env.company)._get_local_date = dunning_day
    charts = {chart["key"]: chart for chart in data["charts"]}
    return {
        "first": first,
        "second": second,
        "forecast": forecast,
        "overdue": sum(bar["count"] for bar in charts["ages"]["bars"]),
        "steps": sum(row["count"] for row in run["rows"]),
    }


def work(database):
    """Refresh the health of all, twice, and write the workbook."""
    first, again, workbook = {}, {}, {}
    with odoo_environment(database) as env:
        contracts = env["contract.contract"].with_context(queue_job__no_delay=True)
        with measured(first):
            contracts._cron_refresh_health()
            env.cr.commit()
        env.invalidate_all()
        with measured(again):
            contracts._cron_refresh_health()
        with tempfile.TemporaryFile() as file, measured(workbook):
            env["contract.receivable"]._write_xlsx(file)
        red = contracts.search_count([("health", "=", "red")])
    return {"first": first, "again": again, "workbook": workbook, "red": red}


def measure_size(contracts):
    database = measuring.database_name(f"overview{contracts}")
    say(f"making {contracts} contracts in debt")
    run_apart("make", database, contracts)
    shown, worked = run_apart("show", database), run_apart("work", database)
    if not shown["overdue"] or not shown["steps"]:
        raise SystemExit(f"✗ the screen shows nothing: {shown}")
    return {
        "contracts": contracts,
        "screen_s": round(shown["first"]["seconds"], 2),
        "screen_again_s": round(shown["second"]["seconds"], 2),
        "screen_queries": shown["second"]["queries"],
        "overdue": shown["overdue"],
        "forecast_s": round(shown["forecast"]["seconds"], 2),
        "steps": shown["steps"],
        "health_first_s": round(worked["first"]["seconds"], 2),
        "health_again_s": round(worked["again"]["seconds"], 2),
        "red": worked["red"],
        "workbook_s": round(worked["workbook"]["seconds"], 2),
    }


def measure(arguments):
    """Print the sizes side by side."""
    rows = [measure_size(int(size)) for size in arguments.sizes.split(",")]
    print()
    for name in rows[0]:
        print(f"{name:16}" + "".join(f"{row[name]:>12}" for row in rows))
    within = rows[-1]["screen_again_s"] <= LIMIT_S
    print("within" if within else "NOT WITHIN", f"{LIMIT_S} s")
    return {"sizes": rows, "within": within}


def main():
    parser = argparse.ArgumentParser(prog="setup/bench overview")
    parser.add_argument("--sizes", default="1000,10000,100000")
    tasks = {"make": dunning.make_debts, "show": show, "work": work}
    measuring.run(parser, tasks, measure)


if __name__ == "__main__":
    main()
