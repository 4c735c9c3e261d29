"""Static Pix BR Code: pays a key, knows nothing of a boleto.

Source: Manual de Padrões para Iniciação do Pix, Banco Central do Brasil; the payload
itself is composed by `pycobranca`.
"""

import re

from pycobranca.pix import PixInvalido, PixPayload

TXID = re.compile(r"[A-Za-z0-9]{1,25}")


class StaticPixError(ValueError):
    """Data of which no code can be made; says which."""


def compose_static_pix(key, name, city, amount, txid):
    """Return the copy and paste text of a static code.

    :param str key: CPF, CNPJ, phone, e-mail or random key, as registered
    :param Decimal amount: BRL, more than zero
    :param str txid: 1 to 25 letters and digits
    :raise StaticPixError: something of it does not fit

    >>> from decimal import Decimal
    >>> code = compose_static_pix("a@b.com", "Loja", "Curitiba", Decimal("1.00"), "NN1")
    >>> code[:2], "54041.00" in code, code[-8:-4]
    ('00', True, '6304')
    >>> compose_static_pix("a@b.com", "Loja", "Curitiba", Decimal("1.00"), "NN-1")
    Traceback (most recent call last):
    ...
    tools.static_pix.StaticPixError: txid: NN-1
    """
    if not TXID.fullmatch(txid):
        raise StaticPixError(f"txid: {txid}")
    payload = PixPayload(
        chave=key.strip(),
        nome=name.strip(),
        cidade=city.strip() or "BRASIL",
        valor=amount,
        txid=txid,
    )
    try:
        return payload.br_code()
    except PixInvalido as error:
        raise StaticPixError(str(error)) from error
