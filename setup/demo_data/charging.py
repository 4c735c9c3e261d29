"""One customer whose two contracts are billed together, and a charge by hand."""

from odoo.fields import Domain


def unify_customer(env, days):
    """Transfer a contract to another's customer and bill both together.

    Another customer has a manual charge, on the next invoice.
    """
    contracts = env["contract.contract"].search(
        Domain("lifecycle_state", "=", "active")
        & Domain("recurring_rule_type", "=", "monthly")
        & Domain("charge_ids.state", "=", "billed")
        & Domain("terminate_date", "=", False)
        & Domain("tasting_plan_id", "=", False)
        & Domain("discount_ids", "=", False)
        & Domain("partner_id.active", "=", True)
        & Domain("fiscal_position_id.active", "=", True),
        order="id desc",
    )
    first, others = contracts[:1], contracts[1:]
    second = others.filtered(
        lambda contract: (
            contract.journal_id == first.journal_id
            and first.due_day in (contract._get_due_days() or [first.due_day])
        )
    )[:1]
    if not second:
        return
    second._change_holder(first.partner_id, reason="Mudou-se; o irmão assume")
    (first | second)._unify(
        days.month, first.due_day, days.month, reason="Pedido do cliente"
    )
    (others - second)[:1]._charge_amount(
        "Visita técnica", 80.0, "Cabo rompido pelo cliente", days.today
    )
