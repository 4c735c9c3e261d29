"""Check digits that the libraries leave out."""


def modulo11_bb(number: str) -> str:
    """Return Banco do Brasil's check digit: weights 9 to 2 from the right, 10 is X.

    Source: Banco do Brasil, Especificações Técnicas para Confecção de Boleto,
    annex “Cálculo do dígito verificador do nosso número”; agency 1584-9 and
    account 00210169-6 are its examples.

    >>> modulo11_bb("1584"), modulo11_bb("00210169")
    ('9', '6')
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(
        int(digit) * weights[place % 8] for place, digit in enumerate(reversed(number))
    )
    rest = total % 11
    return "X" if rest == 10 else str(rest)
