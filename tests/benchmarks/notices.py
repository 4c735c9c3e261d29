"""Preparing notices for many contracts: channel, address, text.

    setup/bench notices [--notices N] [--channel CHANNEL] [--json]

Each contract has an invoice that is overdue; its customer gets the overdue
notice, the longest text there is. One process, as one job after the other.
"""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
from measuring import measured, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

from odoo.tools import split_every  # noqa: E402

# What 10,000 notices may take.
LIMIT_S = 120
# Notices of one job.
BATCH_SIZE = 1000
DAY = provider.MONTH_END + timedelta(days=1)


# === TASKS, each in its own process ===


def make_contracts(database, contracts):
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        env["res.lang"]._activate_lang("pt_BR")
        provider.create_provider(env, int(contracts))
        env.cr.execute(
            "UPDATE res_partner SET lang = 'pt_BR', phone = '+55 11 98765-4321', "
            "email = 'cliente' || id || '@example.com' "
            "WHERE id IN (SELECT partner_id FROM contract_contract)"
        )
        env.cr.commit()
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": date(2026, 3, 1)}
        )
        run.action_simulate()
        run.action_approve()
        run.state = "running"
        env.cr.commit()
        for ids in split_every(100, run._get_items("pending").ids):
            run._process(list(ids))
            env.cr.commit()
            env.invalidate_all()


def prepare(database, channel):
    with odoo_environment(database) as env:
        env.cr.execute(
            "SELECT contract_id, move_id FROM contract_charge "
            "GROUP BY contract_id, move_id ORDER BY contract_id"
        )
        requests = [
            {
                "contract_id": contract_id,
                "move_ids": [move_id],
                "kind": "notice",
                "template_id": env.ref("contract_recurring.notice_template_overdue").id,
                "channel": channel,
                "key": f"notice/{move_id}",
                "day": DAY,
            }
            for contract_id, move_id in env.cr.fetchall()
        ]
    figures = {}
    with measured(figures):
        for batch in split_every(BATCH_SIZE, requests, list):
            with odoo_environment(database) as env:
                env["contract.notice"]._prepare_notices(batch)
    with odoo_environment(database) as env:
        pending = [("state", "=", "pending"), ("channel", "=", channel)]
        return {**figures, "prepared": env["contract.notice"].search_count(pending)}


# === THE MEASUREMENT ===


def measure(notices, channel):
    database = measuring.database_name(f"notices{notices}")
    say(f"creating {notices} contracts and their invoices")
    run_apart("make", database, notices)
    figures = run_apart("prepare", database, channel)
    if figures["prepared"] != notices:
        raise SystemExit(f"✗ not all notices were prepared: {figures}")
    return {
        "notices": notices,
        "channel": channel,
        "prepare_s": round(figures["seconds"], 1),
        "prepare_cpu_s": round(figures["cpu_seconds"], 1),
        "queries": figures["queries"],
        "queries_per_notice": round(figures["queries"] / notices, 3),
    }


def measure_as_asked(arguments):
    figures = measure(arguments.notices, arguments.channel)
    for name, value in figures.items():
        print(f"{name:30}{value:>14}")
    within = figures["prepare_s"] <= LIMIT_S * arguments.notices / 10_000
    print("within" if within else "NOT WITHIN", f"{LIMIT_S} s for 10,000 notices")
    return figures


def main():
    parser = argparse.ArgumentParser(prog="setup/bench notices")
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--channel", choices=("email", "sms"), default="email")
    tasks = {"make": make_contracts, "prepare": prepare}
    measuring.run(parser, tasks, measure_as_asked)


if __name__ == "__main__":
    main()
