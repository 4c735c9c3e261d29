"""Contracts restricted by hand, and some that promised to pay."""

from odoo.fields import Domain

from .debtors import find_debtors


def restrict_service(env, today):
    """Reduce one contract and block two by hand; unlock what may be unlocked."""
    contracts = env["contract.contract"]
    active = Domain("lifecycle_state", "=", "active")
    untouched = contracts.search(
        active
        & Domain("service_state", "=", "full")
        & Domain("partner_id", "not in", find_debtors(env).ids)
    )
    for restrict, contract in zip(RESTRICTIONS, untouched[::7], strict=False):
        contract._restrict_service(*restrict, today)
    blocked = contracts.search(
        active
        & Domain("service_origin", "=", "automatic")
        & Domain("service_state", "=", "blocked"),
        order="service_since desc, id",
    )
    unlockable = blocked.filtered(lambda c: not c._get_trust_unlock_refusal(today))
    for contract in unlockable[:UNLOCKED]:
        contract._trust_unlock(today, "staff", "Paga na sexta-feira")


RESTRICTIONS = (
    ("blocked", "Equipamento gerando ataque à rede"),
    ("reduced", "Consumo acima da política de uso"),
    ("blocked", "Endereço em disputa judicial"),
)
UNLOCKED = 1
