"""What kind of key a Pix key is, as the DICT of Banco Central counts them."""

import re

from stdnum.br import cnpj, cpf

PHONE = re.compile(r"\+55\d{10,11}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
RANDOM = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

# Kinds in the files of banks (Santander, H7815 and H7800; the manuals of others agree).
CODES = {"cpf": "1", "cnpj": "2", "phone": "3", "email": "4", "random": "5"}


def get_pix_key_kind(key: str) -> str:
    """Return cpf, cnpj, phone, email or random; "" for what is no key.

    >>> [get_pix_key_kind(key) for key in ("52998224725", "11222333000181")]
    ['cpf', 'cnpj']
    >>> get_pix_key_kind("+5541999990000"), get_pix_key_kind("a@b.com")
    ('phone', 'email')
    >>> get_pix_key_kind("123e4567-e89b-12d3-a456-426655440000")
    'random'
    >>> get_pix_key_kind("529.982.247-25")
    ''
    """
    if key.isdecimal() and cpf.is_valid(key):
        return "cpf"
    if key.isalnum() and cnpj.is_valid(key):
        return "cnpj"
    forms = {"phone": PHONE, "email": EMAIL, "random": RANDOM}
    return next((kind for kind, form in forms.items() if form.fullmatch(key)), "")


def get_pix_key_code(key: str) -> str:
    """Return the kind of a key as the files of banks have it.

    :raise KeyError: what is no key

    >>> get_pix_key_code("a@b.com")
    '4'
    """
    return CODES[get_pix_key_kind(key)]
