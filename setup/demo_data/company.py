"""The provider: a Brazilian company, its books, its people."""

from odoo.fields import Command

from .places import find_city
from .progress import say

NAME = "Conecta Fibra Telecom Ltda"
TIME_ZONE = "America/Sao_Paulo"
CONTRACT_JOURNAL = {
    "name": "Contratos",
    "code": "CTR",
    "type": "sale",
    # Core's own sale journal numbers invoices as fiscal documents.
    "l10n_latam_use_documents": False,
}

# Everybody's password, for trying out what each group may do.
PASSWORD = "admin"
# (login, name, group); the sellers are the operators.
USERS = (
    ("atendente", "Ana Souza", "group_contract_operator"),
    ("vendas", "Diego Martins", "group_contract_operator"),
    ("comercial", "Juliana Prado", "group_contract_operator"),
    ("faturamento", "Bruno Lima", "group_contract_billing"),
    ("consulta", "Carla Dias", "group_contract_reader"),
)


def set_up_company(env):
    """Make the first company the provider. Safe to repeat.

    Address, money and books come before anything is posted: later Odoo would
    refuse another currency or chart of accounts.
    """
    company = env.ref("base.main_company")
    if company.chart_template != "br":
        say("setting up the company and its chart of accounts")
        company.partner_id.write(_prepare_partner(env))
        company.write({"name": NAME, "country_id": env.ref("base.br").id})
        env.ref("base.BRL").active = True
        company.currency_id = env.ref("base.BRL")
        env["account.chart.template"].try_loading("br", company, install_demo=False)
        company.currency_id = env.ref("base.BRL")
        _follow_currency(env, company)
    if not company.contract_journal_id:
        company.contract_journal_id = env["account.journal"].create(
            {"company_id": company.id, **CONTRACT_JOURNAL}
        )
    return company


def _follow_currency(env, company):
    """Put the price lists Odoo came with into the company's money.

    They were made in dollars before there was a company to speak of, and every
    quote would be in dollars, too.
    """
    price_lists = env["product.pricelist"].with_context(active_test=False)
    price_lists.search(
        [
            ("company_id", "in", (False, company.id)),
            ("currency_id", "!=", company.currency_id.id),
            ("item_ids", "=", False),
        ]
    ).currency_id = company.currency_id


def _prepare_partner(env):
    city = find_city(env, "Pouso Alegre", "MG")
    return {
        "name": NAME,
        "is_company": True,
        "vat": "11.444.777/0001-61",
        "street_name": "Avenida Doutor Lisboa",
        "street_number": "250",
        "district": "Centro",
        "city": city.name,
        "city_id": city.id,
        "state_id": city.state_id.id,
        "country_id": city.country_id.id,
        "zip": "37550-110",
        "phone": "(35) 3421-0000",
        "email": "contato@conectafibra.example.com",
        "website": "https://conectafibra.example.com",
        "lang": "pt_BR",
        "tz": TIME_ZONE,
    }


def set_up_users(env):
    """Put everybody into Portuguese and make one user for each group, once."""
    admin = env.ref("base.user_admin")
    if admin.tz != TIME_ZONE:
        admin.write({"lang": "pt_BR", "tz": TIME_ZONE})
        # Whoever makes a customer by hand gets a Portuguese one.
        env["ir.default"].set("res.partner", "lang", "pt_BR")
    users = env["res.users"].with_context(no_reset_password=True)
    known = set(users.with_context(active_test=False).search([]).mapped("login"))
    users.create(
        [
            {
                "login": login,
                "password": PASSWORD,
                "name": name,
                "email": f"{login}@conectafibra.example.com",
                "lang": "pt_BR",
                "tz": TIME_ZONE,
                "action_id": env.ref("contract_recurring.contract_overview_action").id,
                "group_ids": [Command.link(env.ref(f"contract_recurring.{group}").id)],
            }
            for login, name, group in USERS
            if login not in known
        ]
    )


def find_sellers(env):
    logins = [login for login, _name, group in USERS if group.endswith("operator")]
    return env["res.users"].search([("login", "in", logins)], order="login")
