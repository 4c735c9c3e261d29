"""Creating contracts from confirmed orders, all in one go.

    setup/bench orders [--orders N] [--rounds N] [--json]

Each round confirms its orders in one transaction of a process of its own, on
a copy of one database: once with orders that only sell a plan, once with an
installation beside it, which the order bills and posts at once.
"""

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import measuring  # noqa: E402
import provider  # noqa: E402
import templates  # noqa: E402
from measuring import measured, run_apart, say  # noqa: E402
from processes import odoo_environment  # noqa: E402

from odoo.fields import Command  # noqa: E402

# Seconds a thousand contracts may take on two cores.
LIMIT_S = 60
KINDS = ("plan only", "with installation")


# === WHAT IS MEASURED, each in its own process ===


def make_orders(database, orders, with_installation):
    measuring.copy_template(database)
    with odoo_environment(database) as env:
        provider.create_provider(env, int(orders))
        plans = env["contract.template"].search([])
        service = env["product.product"].create(
            {"name": "Instalação", "type": "service", "taxes_id": [Command.clear()]}
        )
        lines = [
            Command.create({"product_id": service.id, "price_unit": 150.0})
        ] * bool(with_installation)
        partners = env["contract.contract"].search([]).partner_id
        quotes = env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "sale_order_template_id": False,
                    "order_line": lines
                    + [
                        Command.create(values)
                        for values in plans[number % len(plans)]._prepare_order_lines()
                    ],
                }
                for number, partner in enumerate(partners)
            ]
        )
        if len(quotes) != int(orders):
            raise SystemExit(f"✗ {len(quotes)} orders instead of {orders}")
    with templates.server(database) as cursor:
        cursor.execute("ANALYZE")


def confirm(database):
    """Confirm all orders at once and return the figures."""
    with odoo_environment(database):
        pass  # loads the registry, which is not the orders' cost
    with odoo_environment(database) as env:
        orders = env["sale.order"].search([("state", "=", "draft")])
        figures = {}
        with measured(figures):
            orders.action_confirm()
            env.cr.commit()
        contracts = orders.contract_ids
        if set(contracts.mapped("lifecycle_state")) != {"waiting"}:
            raise SystemExit("✗ a contract does not wait for its activation")
        return {
            "orders": len(orders),
            "contracts": len(contracts),
            "invoices": len(orders.invoice_ids),
            **figures,
        }


# === THE MEASUREMENT ===


def measure(kind, orders, rounds):
    """Return the figures of each round on a fresh copy."""
    source = measuring.database_name(f"orders{KINDS.index(kind)}")
    say(f"creating {orders} orders, {kind}")
    run_apart("make", source, orders, "yes" if kind != KINDS[0] else "")
    results = []
    for number in range(1, rounds + 1):
        with measuring.fresh_copy(source) as database:
            figures = run_apart("confirm", database)
        check_all_sold(kind, figures, orders)
        say(f"round {number}, {kind}: {figures['seconds']:.1f} s")
        results.append(figures)
    return results


def check_all_sold(kind, figures, orders):
    """Stop unless each order made one contract, and one invoice if it should."""
    invoices = orders if kind != KINDS[0] else 0
    if (figures["contracts"], figures["invoices"]) != (orders, invoices):
        raise SystemExit(f"✗ {kind}: {figures}")


def summarise(kind, results):
    """Print the medians and return them for --json."""
    median = {
        name: statistics.median(figures[name] for figures in results)
        for name in results[0]
    }
    per_thousand = 1000 * median["seconds"] / median["orders"]
    print(f"{kind:20}{median['orders']:>8} orders{median['seconds']:>8.1f} s", end="")
    print(f"{median['cpu_seconds']:>8.1f} s processor", end="")
    print(f"{median['queries'] / median['orders']:>8.1f} queries per order")
    fits = per_thousand <= LIMIT_S
    print(f"{'ok' if fits else 'TOO SLOW'}: {per_thousand:.1f} s for a thousand")
    return {
        "kind": kind,
        "seconds_per_thousand": round(per_thousand, 1),
        "cpu_seconds_per_thousand": round(
            1000 * median["cpu_seconds"] / median["orders"], 1
        ),
        "queries_per_order": round(median["queries"] / median["orders"], 1),
        "ok": fits,
    }


# === COMMAND LINE ===


def main():
    parser = argparse.ArgumentParser(prog="setup/bench orders")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    measuring.run(
        parser,
        {"make": make_orders, "confirm": confirm},
        lambda arguments: [
            summarise(kind, measure(kind, arguments.orders, arguments.rounds))
            for kind in KINDS
        ],
    )


if __name__ == "__main__":
    main()
