"""The table at the end of setup/demo, and the same figures as JSON."""

import json

from odoo.tools import format_amount

from .billing import find_run


def print_table(env, month, figures):
    """Print what the month's run did, and what it could not do and why."""
    rows = [
        ("Month", f"{month:%m/%Y}"),
        ("Contracts", _count_contracts(env)),
        ("Billed", figures.billed),
        ("Invoices", figures.invoices),
        ("Charges", figures.charges),
        ("Amount", format_amount(env, figures.amount, env.company.currency_id)),
        ("Failed", figures.failed),
        ("Seconds", f"{figures.seconds:.1f}"),
    ]
    if figures.invoices:
        rows.append(("Invoices/s", f"{figures.invoices / figures.seconds:.1f}"))
    print()
    for label, value in rows:
        text = f"{value:,}".replace(",", ".") if isinstance(value, int) else value
        print(f"  {label:<12}{text:>18}")
    _print_failures(env, month)
    print(flush=True)


def _print_failures(env, month):
    run = find_run(env, month, ("done",))
    failed = run.item_ids.filtered(lambda item: item.state == "failed")
    if not failed:
        return
    print(f"\n  Not billed in {run.name}, until somebody puts it right:")
    for item in failed[:10]:
        print(f"    {item.contract_id.display_name}: {item.message}")
    if len(failed) > 10:
        print(f"    … and {len(failed) - 10} more")


def write_result(env, figures, path):
    """Write the figures where setup/demo looks for them."""
    result = {
        "contracts": _count_contracts(env),
        "billed": figures.billed,
        "invoices": figures.invoices,
        "charges": figures.charges,
        "amount": f"{figures.amount:.2f}",
        "failed": figures.failed,
        "seconds": round(figures.seconds, 1),
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file)


def _count_contracts(env):
    contracts = env["contract.contract"].with_context(active_test=False)
    return contracts.search_count([("contract_type", "=", "sale")])
