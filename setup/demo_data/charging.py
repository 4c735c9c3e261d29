"""One customer whose two contracts are billed together, and charges by hand."""

from odoo.fields import Domain


def unify_customer(env, days):
    """Sell a second contract to a customer and unify the billing of both.

    Another customer buys a router, on the next invoice.
    """
    contracts = env["contract.contract"].search(
        Domain("lifecycle_state", "=", "active")
        & Domain("recurring_rule_type", "=", "monthly")
        & Domain("charge_ids.state", "=", "billed")
        & Domain("terminate_date", "=", False)
        & Domain("tasting_plan_id", "=", False)
        & Domain("partner_id.active", "=", True)
        & Domain("discount_ids", "=", False),
        order="id desc",
        limit=2,
    )
    if len(contracts) < 2:
        return
    first, buyer = contracts
    second = _sell_second(first, days)
    (first | second)._unify(
        days.today, first.due_day, days.today, reason="Pedido do cliente"
    )
    buyer._charge_amount(
        "Visita técnica", 80.0, "Cabo rompido pelo cliente", days.today
    )


def _sell_second(contract, days):
    values = contract._prepare_from_plan(
        contract.contract_template_id,
        contract.partner_id,
        days.month,
        due_day=contract.due_day,
        user_id=contract.user_id.id,
        activation_fee=0.0,
        fiscal_position_id=contract.fiscal_position_id.id,
    )
    second = contract.create(values)
    second._activate(days.month)
    return second
