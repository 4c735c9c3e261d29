"""Contracts restricted by hand, and some that promised to pay."""

from datetime import timedelta

from odoo.fields import Domain


def restrict_service(env, today):
    """Reduce one contract and block two by hand; unlock what may be unlocked."""
    contracts = env["contract.contract"]
    active = Domain("lifecycle_state", "=", "active")
    untouched = contracts.search(active & Domain("service_state", "=", "full"))
    for restrict, contract in zip(RESTRICTIONS, untouched[::7], strict=False):
        contract._restrict_service(*restrict, today)
    _block_overdue(env, today)
    blocked = contracts.search(active & Domain("service_origin", "=", "automatic"))
    unlockable = blocked.filtered(lambda c: not c._get_trust_unlock_refusal(today))
    for contract in unlockable[:UNLOCKED]:
        contract._trust_unlock(today, "staff", "Paga na sexta-feira")


def _block_overdue(env, today):
    """Write the steps of dunning that some overdue contracts have come to."""
    long_overdue = env["account.move"].search(
        Domain("contract_charge_ids", "!=", False)
        & Domain("state", "=", "posted")
        & Domain("payment_state", "=", "not_paid")
        & Domain("invoice_date_due", "<", today - NOTICED),
        limit=BLOCKED,
        order="id",
    )
    contracts = long_overdue.contract_charge_ids.contract_id
    env["contract.dunning.entry"].create(
        [
            {"contract_id": contract.id, "move_id": move.id, "kind": kind, "date": day}
            for move in long_overdue
            for contract in move.contract_charge_ids.contract_id
            for kind, day in (("notice", today - NOTICED), ("block", today))
        ]
    )
    contracts._refresh_service_state(today)


# Longer than the law asks between notice and block.
NOTICED = timedelta(days=16)
BLOCKED = 4
RESTRICTIONS = (
    ("blocked", "Equipamento gerando ataque à rede"),
    ("reduced", "Consumo acima da política de uso"),
    ("blocked", "Endereço em disputa judicial"),
)
UNLOCKED = 2
