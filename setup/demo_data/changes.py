"""What happens between the last cycle and the demo's month.

A simulation compares the two; these are the differences it should find, and
the contracts that cannot be billed, for which it should say why.
"""

from datetime import timedelta

from odoo.fields import Command, Domain

from .customers import draw
from .debtors import find_debtors

UPGRADES = {
    "FIBRA300": "FIBRA500",
    "FIBRA500": "FIBRA700",
    "FIBRA700": "FIBRA1000",
    "FIBRA1000": "FIBRA700",
}


def change_contracts(env, days):
    """Change some contracts as staff would, and break three."""
    contracts = env["contract.contract"].search(
        Domain("lifecycle_state", "=", "active")
        & Domain("recurring_rule_type", "=", "monthly")
        & Domain("charge_ids.state", "=", "billed")
        & Domain("partner_id", "not in", find_debtors(env).ids),
        order="id",
    )
    # One in ten at most, so that a small demo still bills.
    broken = contracts[: min(3, len(contracts) // 10)]
    for breaks, contract in zip(BREAKS, broken, strict=False):
        breaks(contract, days)
    for contract in contracts - broken:
        lot = draw(contract.id, "change")
        chance = lot.random()
        for share, change in CHANGES:
            if chance < share:
                change(contract, days, lot)
                break
            chance -= share


def _close(contract, days, lot):
    reasons = contract.env["contract.terminate.reason"].search([], order="id")
    reason = lot.choice(reasons)
    contract._close(
        days.month - timedelta(days=1),
        reason,
        comment="Pedido por telefone",
        today=days.month,
    )


def _change_plan(contract, days, _lot):
    code = UPGRADES.get(contract.contract_template_id.code)
    plans = contract.env["contract.template"]
    if plan := plans.search([("code", "=", code)], limit=1):
        contract._change_plan(plan, days.month, reason="Pedido no balcão")


def _add_service(contract, days, _lot):
    product = _find_product(contract.env, "Ponto adicional de acesso")
    service = {
        "product_id": product.id,
        "name": product.name,
        "quantity": 1.0,
        "uom_id": product.uom_id.id,
        "price_unit": 15.0,
    }
    contract._add_service(service, days.month, reason="Segunda casa no lote")


def _give_discount(contract, days, lot):
    percent = lot.choice((10.0, 20.0))
    until = days.month + timedelta(days=90)
    contract._grant_discount(
        days.month, percent=percent, date_to=until, reason="Retenção"
    )


def _taste(contract, days, _lot):
    code = UPGRADES.get(contract.contract_template_id.code)
    plans = contract.env["contract.template"]
    plan = plans.search([("code", "=", code)], limit=1)
    if plan.plan_amount > contract.contract_template_id.plan_amount:
        until = days.today + timedelta(days=15)
        contract._start_tasting(plan, days.today, until, reason="Cortesia")


def _give_bonus(contract, days, _lot):
    until = days.today + timedelta(days=5)
    contract._grant_bonus(until, days.today, reason="Promessa de pagamento")


def _find_product(env, name):
    products = env["product.product"]
    return products.search([("name", "=", name)], limit=1) or products.create(
        {
            "name": name,
            "type": "service",
            "taxes_id": [Command.clear()],
            "property_account_income_id": env["account.chart.template"]
            .ref("account_template_30101010106")
            .id,
        }
    )


# Shares of the contracts of the last cycle.
CHANGES = (
    (0.02, _close),
    (0.02, _change_plan),
    (0.02, _add_service),
    (0.02, _give_discount),
    (0.01, _taste),
    (0.01, _give_bonus),
)


# === WHAT CANNOT BE BILLED ===


def _archive_customer(contract, _days):
    contract.partner_id.active = False


def _forget_product(contract, days):
    contract.contract_line_ids = [
        Command.create(
            {
                "name": "Locação de equipamento (digitada sem produto)",
                "quantity": 1.0,
                "specific_price": 15.0,
                "date_start": days.month,
            }
        )
    ]


def _withdraw_fiscal_position(contract, _days):
    contract.fiscal_position_id = contract.env["account.fiscal.position"].create(
        {
            "name": "Regime especial (revogado)",
            "company_id": contract.company_id.id,
            "active": False,
        }
    )


BREAKS = (_archive_customer, _forget_product, _withdraw_fiscal_position)
