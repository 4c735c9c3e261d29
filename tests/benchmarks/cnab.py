"""Files with a bank: a remittance written, the bank's return read.

    setup/bench cnab [--titles N] [--json]

Titles are those of the benchmark of collections. The remittance holds the
registration of each and is given to the simulator of the bank, which pays each title
once; what it gives back is read. Both are what a person waits for, without storing or
settling.
"""

import argparse
import importlib.util
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
import templates  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402
from simulators.bank_files import BankFiles  # noqa: E402

from odoo.tools import split_every  # noqa: E402

# For 10,000 titles (issue 5).
LIMIT_S = 20
LIMIT_TITLES = 10_000


def load_collections():
    """Return the benchmark of collections, whose name the standard library has."""
    path = Path(__file__).with_name("collections.py")
    spec = importlib.util.spec_from_file_location("benchmark_collections", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(database, titles):
    """Bill as many contracts, whose payers a bank would take."""
    base = load_collections()
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        provider.create_provider(env, int(titles))
        env["res.partner"].search([]).write(
            {
                "street": "Rua das Flores, 12",
                "city": "Curitiba",
                "zip": "80010-000",
                "state_id": env.ref("base.state_br_pr").id,
                "country_id": env.ref("base.br").id,
            }
        )
        _name_payers(env)
        base._set_up_collection(env.ref("base.main_company"))
    with odoo_environment(database) as env:
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.state = "running"
        batches = list(split_every(run._batch_size, run._get_items("pending").ids))
    for ids in batches:
        with odoo_environment(database) as env:
            env["contract.billing.run"].browse(run.id)._process(list(ids))
    with odoo_environment(database) as env:
        issued = env["collection.title"].search_count([])
        if issued != int(titles):
            reasons = set(env["account.move"].search([]).mapped("boleto_obstacle"))
            raise SystemExit(f"✗ {issued} boletos, not {titles}: {reasons}")
    with templates.server(database) as cursor:
        cursor.execute("ANALYZE")


def _name_payers(env):
    """Give each payer a CPF of its own, past the checks of one at a time."""
    env.flush_all()
    for partner in env["res.partner"].search([]):
        env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s",
            [_get_cpf(partner.id), partner.id],
        )
    env.invalidate_all()


def _get_cpf(number):
    """Return a CPF: nine digits and two check digits of modulo 11."""
    digits = f"{number:09}"
    for weight in (10, 11):
        total = sum(int(digit) * (weight - place) for place, digit in enumerate(digits))
        digits += str(total * 10 % 11 % 10)
    return digits


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
        "check_s": checking["seconds"],
        "write_s": writing["seconds"],
        "write_queries": writing["queries"],
        "write_mb": grown,
        "read_s": reading["seconds"],
        "read_events": len(found.events),
        "read_mb": peak_memory_mb() - memory_before,
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
    for name, value in figures.items():
        print(f"{name:16}{value:>12.2f}")
    if figures["read_events"] != arguments.titles or figures["obstacles"]:
        raise SystemExit("✗ not every title went out and came back")
    limit = LIMIT_S * arguments.titles / LIMIT_TITLES
    ok = figures["check_s"] + figures["write_s"] <= limit
    print("ok" if ok else "TOO SLOW")
    return {"load": load, "ok": ok, **figures}


def main():
    parser = argparse.ArgumentParser(prog="setup/bench cnab")
    parser.add_argument("--titles", type=int, default=LIMIT_TITLES)
    measuring.run(parser, {"make": make, "exchange": exchange}, measure)


if __name__ == "__main__":
    main()
