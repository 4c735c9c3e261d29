"""People and firms that do not exist, with documents that could."""

import re
import unicodedata
from random import Random

from faker import Faker
from stdnum.br import cnpj, cpf

from .places import choose_place, prepare_address

SEED = 2026
FIRM_SHARE = 0.12
TRADES = (
    *("Auto Peças", "Clínica", "Contabilidade", "Escola", "Farmácia", "Hotel"),
    *("Materiais de Construção", "Mercado", "Padaria", "Pousada", "Restaurante"),
)
# Multiples of a number coprime with 10^n visit every n-digit number once: no
# document is drawn twice, however many there are.
STRIDE = 71_803_153

FAKE = Faker("pt_BR")  # slow to make, seeded for each customer


def draw(number, topic=""):
    """Return the lot of a contract's number, the same on every run."""
    return Random(f"{SEED}/{topic}/{number}")


def make_cpf(number):
    """Return a CPF with right check digits, another one for each number."""
    digits = f"{STRIDE * (number + 1) % 10**9:09}"
    return cpf.format(digits + cpf._calc_check_digits(digits))


def make_cnpj(number):
    """Return a CNPJ with right check digits, another one for each number."""
    digits = f"{STRIDE * (number + 1) % 10**8:08}0001"
    return cnpj.format(digits + cnpj.calc_check_digits(digits))


def make_email(name, number):
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore")
    words = re.findall(r"[a-z]+", plain.decode())
    return f"{'.'.join(words[:3])}.{number}@example.com"


def prepare_customer(env, number):
    """Return the values of the partner of a contract."""
    lot = draw(number, "customer")
    FAKE.seed_instance(f"{SEED}/{number}")
    place = choose_place(lot)
    is_firm = lot.random() < FIRM_SHARE
    if is_firm:
        name = f"{lot.choice(TRADES)} {FAKE.last_name()} Ltda"
        vat = make_cnpj(number)
    else:
        name = f"{FAKE.first_name()} {FAKE.last_name()} {FAKE.last_name()}"
        vat = make_cpf(number)
    address = prepare_address(env, lot, FAKE, place)
    mobile = f"9{lot.randint(8000, 9999)}-{lot.randint(0, 9999):04}"
    return {
        "name": name,
        "ref": f"DEMO-{number + 1:06}",
        "vat": vat,
        "is_company": is_firm,
        "customer_rank": 1,
        "country_id": env.ref("base.br").id,
        "city": place.city,
        **address,
        "phone": f"({place.area_code}) {mobile}",
        "email": make_email(name, number + 1),
        "lang": "pt_BR",
        "tz": "America/Sao_Paulo",
    }
