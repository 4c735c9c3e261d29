"""What happens between the last cycle and the demo's month.

A simulation compares the two; these are the differences it should find, and
the contracts that cannot be billed, for which it should say why.
"""

from datetime import timedelta

from odoo.fields import Command, Domain

from .customers import draw

# Shares of the contracts of the last cycle.
CLOSED_SHARE = 0.02
UPGRADED_SHARE = 0.03
UPGRADES = (10.0, 20.0, 20.0, 30.0, 90.0)


def change_contracts(env, days):
    """Close some contracts, change the price of others, break three."""
    contracts = env["contract.contract"].search(
        Domain("lifecycle_state", "=", "active")
        & Domain("recurring_rule_type", "=", "monthly")
        & Domain("charge_ids.state", "=", "billed"),
        order="id",
    )
    # One in ten at most, so that a small demo still bills.
    broken = contracts[: min(3, len(contracts) // 10)]
    for breaks, contract in zip(BREAKS, broken, strict=False):
        breaks(contract, days)
    for contract in contracts - broken:
        chance = draw(contract.id, "change").random()
        if chance < CLOSED_SHARE:
            _close(contract, days)
        elif chance < CLOSED_SHARE + UPGRADED_SHARE:
            _upgrade(contract, days)


def _close(contract, days):
    # The event reads the recurring revenue before the lines end.
    day = days.month - timedelta(days=1)
    contract._change_state("closed", day, "Mudança de endereço")
    for line in contract.contract_line_ids:
        line.date_end = line.last_date_invoiced


def _upgrade(contract, days):
    before = contract.monthly_amount
    contract.monthly_amount += draw(contract.id, "upgrade").choice(UPGRADES)
    contract.env["contract.event"]._record(
        contract,
        "changed",
        effective_date=days.month,
        reason="Upgrade de velocidade",
        mrr_before=before,
        mrr_after=contract.monthly_amount,
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
