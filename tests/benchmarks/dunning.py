"""The daily pass of dunning: who gets which step today, and taking the steps.

    setup/bench dunning [--sizes 1000,10000,100000] [--items N] [--json]

One contract is sold and billed as usual; the others are its copies, made in SQL,
with due dates from ten days ahead to three months ago. Each debt has had the
steps and proven notices that were due until yesterday, so the pass finds one
ordinary day's work. The pass is the reading of all debts, the decision and the
run's items; taking the steps is measured on the first items of the run.
"""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
from measuring import measured, peak_memory_mb, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

from odoo.tools import SQL, split_every  # noqa: E402

LIMIT_S = 60  # for the pass over 100,000 contracts, on two cores
TODAY = date(2026, 6, 17)
# Due dates relative to today.
FIRST_DUE, LAST_DUE = -90, 10
# Items one job takes.
BATCH_SIZE = 100
# Ids of one copy apart from the next; larger than any id copied.
APART = 1000
# What is copied, in an order that satisfies the references: the columns that
# refer to rows copied before, and what else differs.
COPIED = {
    "res_partner": (("commercial_partner_id",), {}),
    "contract_contract": (
        ("partner_id", "invoice_partner_id"),
        {"code": "'B' || copy.n"},
    ),
    "account_move": (
        ("partner_id", "commercial_partner_id"),
        {
            "name": "'B/' || copy.n",
            "payment_reference": "'B/' || copy.n",
            "sequence_number": "copy.n",
            "invoice_date_due": (
                f"date '{TODAY}' + {FIRST_DUE} + copy.n % {LAST_DUE - FIRST_DUE}"
            ),
        },
    ),
    "account_move_line": (("move_id", "partner_id"), {"contract_line_id": "NULL"}),
    "contract_charge": (
        ("contract_id", "partner_id", "move_id", "move_line_id"),
        # without a line, since one line's days are never charged twice
        {"contract_line_id": "NULL", "kind": "'one_off'"},
    ),
}


# === MAKING DEBTS ===


def make_debts(database, contracts):
    """Make a database of so many contracts, an open invoice each; commits."""
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        provider.create_provider(env, 1)
        policy = env.ref("contract_recurring.dunning_policy_standard")
        company = env.ref("base.main_company")
        company.dunning_policy_id = policy
        company.partner_id.email = "cobranca@example.com"
        contract = env["contract.contract"].search([], limit=1)
        contract.partner_id.email = "cliente@example.com"
        run = env["contract.billing.run"].create(
            {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
        )
        run.with_context(queue_job__no_delay=True).action_simulate()
        run.action_approve()
        run.with_context(queue_job__no_delay=True).action_start()
        env.flush_all()
        copy_debts(env, contract, int(contracts))
        tell_the_past(env, policy)
        env.cr.commit()
    with odoo_environment(database) as env:
        # Made at once, the rows have no statistics yet.
        env.cr.execute("ANALYZE")
        env.cr.execute("UPDATE contract_contract SET dunning_policy_id = NULL")
        return env["contract.contract"].search_count([])


def copy_debts(env, contract, total):
    """Copy customer, contract, invoice and charges until there are so many."""
    move = contract.charge_ids.move_id
    sources = {
        "res_partner": f"id = {contract.partner_id.id}",
        "contract_contract": f"id = {contract.id}",
        "account_move": f"id = {move.id}",
        "account_move_line": f"move_id = {move.id}",
        "contract_charge": f"contract_id = {contract.id}",
    }
    env.cr.execute("CREATE TEMP TABLE copy AS SELECT generate_series(2, %s) n", [total])
    for table, (references, changes) in COPIED.items():
        copy_rows(env, table, sources[table], references, changes)


def copy_rows(env, table, source, references, changes):
    """Insert the copies of some rows, each with an id of its own.

    :param references: columns whose rows are copied, too
    :param changes: {column: SQL expression}
    """
    env.cr.execute(
        """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass
              AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    shifted = {
        name: f"{table}.{name} + copy.n * {APART}" for name in ("id", *references)
    }
    values = [
        changes.get(name) or shifted.get(name) or f'{table}."{name}"'
        for name in columns
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
        f" FROM {table}, copy WHERE {table}.{source}"
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def tell_the_past(env, policy):
    """Write the steps and proven notices that were due until yesterday."""
    from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day
    from odoo.addons.contract_recurring.tools.dunning import get_timeline

    env["contract.dunning.run"].flush_model()
    for days in range(FIRST_DUE, LAST_DUE):
        due = TODAY + timedelta(days)
        timeline = get_timeline(due, next_bank_day(due), policy._get_pure_steps())
        for day, step, offset in timeline:
            if day < TODAY:
                enter_step(env, due, day, step, offset)
    prove_notices(env)
    env.invalidate_all()


def enter_step(env, due, day, step, offset):
    env.cr.execute(
        SQL(
            """
            INSERT INTO contract_dunning_entry (
                contract_id, company_id, move_id, step_id, kind, offset_days,
                planned_date, date, state)
            SELECT DISTINCT charge.contract_id, charge.company_id, charge.move_id,
                   %s, %s, %s, %s::date, %s::date, 'done'
              FROM contract_charge charge
              JOIN account_move move ON move.id = charge.move_id
             WHERE move.invoice_date_due = %s
            """,
            *(step.key, step.kind, offset, day, day, due),
        )
    )


def prove_notices(env):
    """Write a notice, sent on its day, for each step that told something."""
    template = env["contract.notice.template"].search([("kind", "=", "notice")])[:1]
    env.cr.execute(
        """
        WITH notice AS (
            INSERT INTO contract_notice (
                contract_id, partner_id, company_id, currency_id, kind, template_id,
                requested_channel, channel, recipient, date, noticed_on, state,
                is_valid_notice, key)
            SELECT entry.contract_id, contract.partner_id, entry.company_id, %s,
                   entry.kind, %s, 'email', 'email', 'cliente@example.com',
                   entry.date, entry.date, 'sent', TRUE, 'past/' || entry.id
              FROM contract_dunning_entry entry
              JOIN contract_contract contract ON contract.id = entry.contract_id
             WHERE entry.kind IN ('notice', 'termination_notice')
            RETURNING id, key
        )
        INSERT INTO contract_notice_move_rel (notice_id, move_id)
        SELECT notice.id, entry.move_id
          FROM notice
          JOIN contract_dunning_entry entry
            ON entry.id = substr(notice.key, 6)::int
        """,
        [env.company.currency_id.id, template.id],
    )


# === WHAT IS MEASURED, in a process of its own ===


def find(database):
    """Write the run of the day; return the figures and how much it found."""
    with odoo_environment(database):
        pass  # loads the registry, which a worker has done before
    memory_before, figures = peak_memory_mb(), {}
    with odoo_environment(database) as env:
        company = env.ref("base.main_company")
        run = env["contract.dunning.run"].create(
            {"company_id": company.id, "date": TODAY}
        )
        env.cr.commit()
        with measured(figures):
            run._add_items()
            env.cr.commit()
        run.state = "running"
        items = run._get_items("pending")
        return {
            **figures,
            "grown_mb": peak_memory_mb() - memory_before,
            "run_id": run.id,
            "items": len(items),
            "debts": count(env, "account_move"),
            "entries": count(env, "contract_dunning_entry"),
        }


def count(env, table):
    env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def take(database, run_id, items):
    """Take the steps of the first items, a transaction for each batch."""
    with odoo_environment(database) as env:
        run = env["contract.dunning.run"].browse(int(run_id))
        ids = run._get_items("pending").ids[: int(items)]
    figures = {}
    with measured(figures):
        for batch in split_every(BATCH_SIZE, ids):
            with odoo_environment(database) as env:
                run = env["contract.dunning.run"].browse(int(run_id))
                run._process(list(batch))
    with odoo_environment(database) as env:
        worked = env["contract.dunning.run.item"].browse(ids)
        failed = worked.filtered(lambda item: item.state != "done")
        entries = sum(worked.mapped("step_count"))
        return {
            **figures,
            "taken": len(ids),
            "steps": entries,
            "failed": len(failed),
            "messages": failed.mapped("message")[:3],
        }


# === THE MEASUREMENT ===


def measure_size(contracts, items):
    """Return the figures of the pass over so many contracts."""
    database = measuring.database_name(f"dunning{contracts}")
    say(f"making {contracts} contracts in debt")
    made = run_apart("make", database, contracts)
    if made != contracts:
        raise SystemExit(f"✗ {made} contracts were made instead of {contracts}")
    found = run_apart("find", database)
    if not found["items"]:
        raise SystemExit("✗ the pass found nothing to do")
    taken = run_apart("take", database, found["run_id"], items)
    if taken["failed"] or not taken["steps"]:
        raise SystemExit(f"✗ steps could not be taken: {taken}")
    return {
        "contracts": contracts,
        "pass_s": round(found["seconds"], 2),
        "pass_cpu_s": round(found["cpu_seconds"], 2),
        "pass_queries": found["queries"],
        "grown_mb": round(found["grown_mb"], 1),
        "with_a_step": found["items"],
        "taken": taken["taken"],
        "take_ms_each": round(1000 * taken["seconds"] / taken["taken"], 2),
        "take_queries_each": round(taken["queries"] / taken["taken"], 2),
    }


def measure(arguments):
    """Print the sizes side by side."""
    sizes = [int(size) for size in arguments.sizes.split(",")]
    rows = [measure_size(size, arguments.items) for size in sizes]
    print()
    for name in rows[0]:
        print(f"{name:20}" + "".join(f"{row[name]:>14}" for row in rows))
    largest = rows[-1]
    limit = LIMIT_S * max(largest["contracts"] / 100_000, 0.1)
    within = largest["pass_s"] <= limit
    print("within" if within else "NOT WITHIN", f"{limit:g} s")
    return {"sizes": rows, "within": within}


def main():
    parser = argparse.ArgumentParser(prog="setup/bench dunning")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--items", type=int, default=200, help="steps to take")
    tasks = {"make": make_debts, "find": find, "take": take}
    measuring.run(parser, tasks, measure)


if __name__ == "__main__":
    main()
