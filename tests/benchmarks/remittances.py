"""Writing a remittance of many titles, CNAB 240 and 400.

    setup/bench remittances [--titles N] [--json]
    setup/bench remittances --sizes 1000,10000 [--json]

A few contracts are billed with boletos and copied in the database, with all that was
billed, until there are as many as asked. The file is written as the job writes it, from
the choice of the instructions to the commit.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import copying  # noqa: E402
import measuring  # noqa: E402
import provider  # noqa: E402
import templates  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

# For 10,000 titles (issue 5).
LIMIT_S = 20
LIMIT_TITLES = 10_000
# How much more memory a larger file may take: the file itself is 7 MB for 10,000.
FLAT_MB = 40
BILLED = 50

ACCOUNTS = {
    "cnab240": {
        "name": "Sicredi",
        "bank": "748",
        "agency": "0165",
        "account_number": "00623",
        "wallet": "1",
        "agreement": "00623",
        "post": "02",
        "id_byte": "2",
    },
    "cnab400": {
        "name": "Itaú 109",
        "bank": "341",
        "agency": "0057",
        "account_number": "12345",
        "account_digit": "7",
        "wallet": "109",
    },
}

# === WHAT IS MEASURED, each in its own process ===


def make_titles(database, layout, titles):
    """Bill some contracts and copy their boletos until there are so many."""
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        provider.create_provider(env, BILLED)
        _set_up_collection(env.ref("base.main_company"), layout)
        env["res.partner"].search([]).write({"street": "Av. Paulista 1578"})
    with odoo_environment(database) as env:
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.action_simulate()
        run.action_approve()
        run.state = "running"
        run._process(run._get_items("pending").ids)
    with templates.server(database) as cursor:
        # banks take no boleto whose due date is over
        cursor.execute("UPDATE collection_title SET due_date = current_date + 10")
        copying.copy_billed(cursor, copies=int(titles) // BILLED - 1)


def _set_up_collection(company, layout):
    env = company.with_company(company).env
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    account = env["collection.account"].create(
        {"journal_id": journal.id, "layout": layout, **ACCOUNTS[layout]}
    )
    company.contract_payment_mode_id = env["account.payment.mode"].create(
        {
            "name": account.name,
            "bank_account_link": "fixed",
            "fixed_journal_id": journal.id,
            "payment_method_id": env.ref("account.account_payment_method_manual_in").id,
            "collection_account_id": account.id,
        }
    )


def write_file(database):
    """Return the figures of the one remittance of the account."""
    with odoo_environment(database) as env:
        account = env["collection.account"].search([])
        remittance = env["collection.remittance"].create(
            {"account_id": account.id, "layout": account.layout}
        )
    memory_before = peak_memory_mb()
    figures = {}
    with measured(figures), odoo_environment(database) as env:
        env["collection.remittance"].browse(remittance.id)._generate()
    with odoo_environment(database) as env:
        remittance = env["collection.remittance"].browse(remittance.id)
        if remittance.state != "generated":
            raise SystemExit(f"✗ no file: {remittance.message}")
        left_out = env["collection.instruction"].search([("message", "!=", False)])
        return {
            **figures,
            "titles": remittance.new_count,
            "left_out": sorted(set(left_out.mapped("message")))[:3],
            "peak_mb": peak_memory_mb(),
            "grown_mb": peak_memory_mb() - memory_before,
        }


# === THE MEASUREMENT ===


def measure(sizes):
    load = os.getloadavg()[0]
    say(f"load of the machine before: {load:.1f}")
    results = {
        layout: [measure_size(layout, size) for size in sizes] for layout in ACCOUNTS
    }
    ok = all(is_within_limits(figures) for row in results.values() for figures in row)
    print("ok" if ok else "TOO SLOW")
    return {"load": load, "ok": ok, **results}


def measure_size(layout, size):
    database = measuring.database_name(f"{layout}_{size}")
    say(f"making {size} boletos for {layout}")
    run_apart("make", database, layout, size)
    figures = run_apart("write", database)
    templates.drop_database(database)
    if figures["titles"] != size:
        raise SystemExit(f"✗ {figures['titles']} of {size}: {figures['left_out']}")
    print(
        f"{layout} {size:>7} titles in {figures['seconds']:.1f} s "
        f"({figures['cpu_seconds']:.1f} s processor), "
        f"{figures['queries'] / size:.2f} queries each; "
        f"{figures['grown_mb']:.0f} MB more, peak {figures['peak_mb']:.0f} MB"
    )
    return {"size": size, **figures}


def is_within_limits(figures):
    limit_s = LIMIT_S * figures["titles"] / LIMIT_TITLES
    limit_mb = FLAT_MB * max(1, figures["titles"] / LIMIT_TITLES)
    return figures["seconds"] <= limit_s and figures["grown_mb"] <= limit_mb


# === COMMAND LINE ===


def main():
    parser = argparse.ArgumentParser(prog="setup/bench remittances")
    parser.add_argument("--titles", type=int, default=LIMIT_TITLES)
    parser.add_argument("--sizes", help="several, with commas, the smallest first")
    measuring.run(
        parser,
        {"make": make_titles, "write": write_file},
        lambda arguments: measure(
            [int(size) for size in arguments.sizes.split(",")]
            if arguments.sizes
            else [arguments.titles]
        ),
    )


if __name__ == "__main__":
    main()
