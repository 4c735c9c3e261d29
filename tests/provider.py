"""A Brazilian provider with as many contracts as asked.

Benchmarks and the tests that start processes bill these contracts. Every
contract is in force since the due date in `MONTH`, so that month charges each
line one whole period.
"""

from datetime import date
from itertools import batched

from odoo.fields import Command

MONTH = date(2026, 3, 1)
MONTH_END = date(2026, 3, 31)
DUE_DAYS = (5, 10, 15, 20, 25)
PLANS = {"Fibra 300": 79.90, "Fibra 500": 99.90, "Fibra 700": 129.90}
SERVICES = {"TV": 39.90, "Telefone": 24.90, "Wi-Fi 6": 15.00}
# Contracts created together; more would only fill the memory.
CHUNK = 500


def create_provider(env, contracts):
    """Set up the company and sell it contracts; commits.

    :param contracts: how many
    """
    env = _set_up_company(env)
    services = [_create_product(env, *service) for service in SERVICES.items()]
    plans = [_create_plan(env, *plan) for plan in PLANS.items()]
    for numbers in batched(range(contracts), CHUNK):
        _create_contracts(env, numbers, plans, services)
        env.cr.commit()
        # Only names stay behind: the next chunk needs nothing of this one.
        env.invalidate_all()
    # The planner knows nothing yet of what was just written.
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _set_up_company(env):
    """Turn the main company into a Brazilian one and return its environment."""
    company = env.ref("base.main_company")
    company.partner_id.write(_prepare_address(env))
    company.country_id = env.ref("base.br")
    env["account.chart.template"].try_loading("br", company, install_demo=False)
    # Core's own sale journal names its invoices after fiscal documents.
    company.contract_journal_id = env["account.journal"].create(
        {
            "name": "Contratos",
            "code": "CTR",
            "type": "sale",
            "company_id": company.id,
            "l10n_latam_use_documents": False,
        }
    )
    return company.with_company(company).with_context(tracking_disable=True).env


def _prepare_address(env):
    return {
        "country_id": env.ref("base.br").id,
        "state_id": env.ref("base.state_br_sp").id,
        "street": "Avenida Paulista, 1000",
        "city": "São Paulo",
        "zip": "01310-100",
    }


def _create_product(env, name, price):
    return env["product.product"].create(
        {
            "name": name,
            "type": "service",
            "list_price": price,
            "taxes_id": [Command.clear()],
        }
    )


def _create_plan(env, name, price):
    product = _create_product(env, name, price)
    return env["contract.template"].create(
        {
            "name": name,
            "company_id": env.company.id,
            "contract_line_ids": [
                Command.create(
                    {"product_id": product.id, "name": name, "specific_price": price}
                )
            ],
        }
    )


def _create_contracts(env, numbers, plans, services):
    """Sell each number a plan and one additional service, and activate them."""
    partners = env["res.partner"].create(
        [
            {"name": f"Cliente {number:05}", "vat": _cpf(number)}
            | _prepare_address(env)
            for number in numbers
        ]
    )
    model = env["contract.contract"]
    vals_list = []
    for number, partner in zip(numbers, partners, strict=True):
        due_day = DUE_DAYS[number % len(DUE_DAYS)]
        service = services[number % 7 % len(services)]
        start = MONTH.replace(day=due_day)
        vals = model._prepare_from_plan(
            plans[number % len(plans)], partner, start, due_day=due_day
        )
        vals["contract_line_ids"].append(
            Command.create(
                {
                    "product_id": service.id,
                    "name": service.name,
                    "specific_price": service.list_price,
                    "date_start": start,
                }
            )
        )
        vals_list.append(vals)
    contracts = model.create(vals_list)
    for start, same_day in contracts.grouped("date_start").items():
        same_day._activate(start)


def _cpf(number):
    """Return a CPF with right check digits, another one for each number."""
    digits = [int(digit) for digit in f"{100_000_000 + number * 7919:09}"]
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) * 10 % 11
        digits.append(rest % 10)
    return "{}{}{}.{}{}{}.{}{}{}-{}{}".format(*digits)
