"""What the provider sells, product by product."""

from dataclasses import dataclass

from odoo.fields import Command

from .progress import say

# A provider splits a plan into what is telecommunication (SCM, STFC, SeAC) and
# what is value added (SVA): each is taxed, and stated on the note, by itself.
PRODUCTS = {
    "scm": "Serviço de Comunicação Multimídia (SCM)",
    "sva": "Serviço de Valor Adicionado (SVA): suporte e antivírus",
    "wifi": "Wi-Fi gerenciado (comodato do roteador)",
    "tv": "TV por assinatura (SeAC)",
    "voip": "Telefonia fixa ilimitada (STFC)",
    "radio": "Acesso via rádio em zona rural (SCM)",
}
DUE_DAYS = "5, 10, 15, 20, 25"


@dataclass(frozen=True)
class Plan:
    """A plan and its share of the contracts."""

    code: str
    name: str
    share: int
    lines: tuple[tuple[str, float], ...]
    fee: float = 0.0
    due_days: str = DUE_DAYS
    loyalty: int = 12
    rule: str = "monthly"
    anchor: str = "due_day"
    reference: str = "present"


PLANS = (
    Plan("FIBRA300", "Fibra 300 Mega", 26, (("scm", 49.90), ("sva", 40.00)), 100.0),
    Plan("FIBRA500", "Fibra 500 Mega", 26, (("scm", 59.90), ("sva", 50.00)), 120.0),
    Plan(
        *("FIBRA700", "Fibra 700 Mega", 14),
        (("scm", 69.90), ("sva", 50.00), ("wifi", 10.00)),
        149.90,
    ),
    Plan(
        *("FIBRA1000", "Fibra 1 Giga", 8),
        (("scm", 89.90), ("sva", 50.00), ("wifi", 10.00)),
        199.0,
    ),
    Plan(
        *("COMBOTV", "Combo Fibra 500 + TV", 8),
        (("scm", 59.90), ("sva", 50.00), ("tv", 69.90)),
        149.90,
    ),
    # Paid after the month of use, on any day the customer likes.
    Plan(
        *("RADIO20", "Rádio Rural 20 Mega", 8, (("radio", 99.90), ("sva", 20.00))),
        fee=199.0,
        due_days="",
        reference="past",
    ),
    Plan(
        *("VOIP", "Telefonia VoIP Ilimitada", 5, (("voip", 39.90),)),
        loyalty=0,
        anchor="month",
        reference="past",
    ),
    Plan(
        *("EMPRESATRI", "Fibra Empresa 700 Trimestral", 3),
        (("scm", 389.70), ("sva", 210.00)),
        fee=149.90,
        rule="quarterly",
    ),
    Plan(
        *("FIBRA300ANUAL", "Fibra 300 Mega Anual", 2),
        (("scm", 539.40), ("sva", 420.00)),
        rule="yearly",
    ),
)
BY_CODE = {plan.code: plan for plan in PLANS}


def choose_plan(lot):
    return lot.choices(PLANS, [plan.share for plan in PLANS])[0]


def set_up_plans(env):
    """Create the plans that are missing. Return {code: contract.template}."""
    templates = env["contract.template"].with_context(active_test=False)
    codes = list(BY_CODE)
    known = set(templates.search([("code", "in", codes)]).mapped("code"))
    missing = [plan for plan in PLANS if plan.code not in known]
    if missing:
        say("creating the plans")
        products = _create_products(env)
        templates.create(
            [_prepare_plan(env, products, plan) for plan in missing],
        )
    return {plan.code: plan for plan in templates.search([("code", "in", codes)])}


def _create_products(env):
    account = env["account.chart.template"].ref("account_template_30101010106")
    products = env["product.product"].create(
        [
            {
                "name": name,
                "type": "service",
                "taxes_id": [Command.clear()],
                "property_account_income_id": account.id,
            }
            for name in PRODUCTS.values()
        ]
    )
    activation = env.ref("contract_recurring.product_activation")
    activation.property_account_income_id = account
    return dict(zip(PRODUCTS, products, strict=True))


def _prepare_plan(env, products, plan):
    return {
        "code": plan.code,
        "name": plan.name,
        "sequence": 10 * (PLANS.index(plan) + 1),
        "company_id": env.company.id,
        "contract_type": "sale",
        "due_days_offered": plan.due_days,
        "loyalty_months": plan.loyalty,
        "activation_fee": plan.fee,
        "loyalty_penalty_amount": 300.0 if plan.loyalty else 0.0,
        "technology": _get_technology(plan),
        "recurring_rule_type": plan.rule,
        "period_anchor": plan.anchor,
        "reference_period": plan.reference,
        "contract_line_ids": [
            Command.create(
                {
                    "sequence": 10 * number,
                    "product_id": products[key].id,
                    "name": products[key].name,
                    "specific_price": price,
                }
            )
            for number, (key, price) in enumerate(plan.lines, start=1)
        ],
    }


def _get_technology(plan):
    if plan.code.startswith(("FIBRA", "COMBO")):
        return "fiber"
    return "radio" if plan.code.startswith("RADIO") else "other"
