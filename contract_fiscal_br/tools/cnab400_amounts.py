"""What the amounts of a title in a return file of CNAB 400 mean.

Banks use the same columns for different things: which occurrence stands in the line
says which amounts are money that moved.
"""

from decimal import Decimal

ZERO = Decimal("0.00")

# Kinds of event whose line tells of money of the payer; any other line may repeat the
# face value in the same columns (Bradesco's 02) or the fee (Itaú's 09).
WITH_PAYMENT = ("paid", "returned", "unknown")


def interpret(settled: str, kind: str, found: dict) -> dict:
    """Return the amounts of an event from those of its line.

    :param str settled: the bank's way, one of the functions below
    :param dict found: Decimals by name; what the layout has not is absent

    >>> interpret("gross", "registered", {"amount": Decimal("9.90")})["amount"]
    Decimal('9.90')
    """
    fee = found.get("fee", ZERO) + found.get("costs", ZERO)
    values = {"amount": found.get("amount", ZERO), "fee": fee}
    if kind not in WITH_PAYMENT:
        return values
    paid, net = WAYS[settled](found, fee)
    return values | {
        "paid": paid,
        "net": net,
        "interest": found.get("interest", ZERO),
        "fine": found.get("other", ZERO),
        "discount": found.get("discount", ZERO),
        "rebate": found.get("rebate", ZERO),
    }


def gross(found, fee):
    """The line has what was paid; fees are charged apart."""
    return found["received"], found["received"]


def net_of_fee(found, fee):
    """Itaú's line has what it credits: what was paid less its fee.

    A title of 40.00 paid in full, with a fee of 2.10:

    >>> line = {"amount": Decimal("40.00"), "received": Decimal("37.90")}
    >>> net_of_fee(line, Decimal("2.10"))
    (Decimal('40.00'), Decimal('37.90'))

    Where the agreement has fees charged apart, the title's amounts add up without:

    >>> net_of_fee(line | {"received": Decimal("40.00")}, Decimal("2.10"))
    (Decimal('40.00'), Decimal('40.00'))
    """
    received = found["received"]
    if received == _add_up(found):
        return received, received
    return received + fee, received


def _add_up(found):
    """Return what a title costs with all that its line says."""
    more = sum(found.get(name, ZERO) for name in ("amount", "interest", "other"))
    return more - sum(found.get(name, ZERO) for name in ("discount", "rebate"))


def posted(found, fee):
    """Banco do Brasil and Sicoob say besides what they post to the account.

    It tells whether interest stands apart from the amount received or within it.

    >>> line = {"received": Decimal("25.00"), "posted": Decimal("16.00")}
    >>> posted(line, Decimal("9.00"))
    (Decimal('25.00'), Decimal('16.00'))
    >>> late = {"received": Decimal("25.00"), "interest": Decimal("1.00")}
    >>> posted(late | {"posted": Decimal("17.00")}, Decimal("9.00"))
    (Decimal('26.00'), Decimal('17.00'))
    """
    received = found["received"]
    extra = found.get("interest", ZERO) + found.get("other", ZERO)
    account = found.get("posted", ZERO)
    for paid in (received, received + extra):
        if account in (paid, paid - fee):
            return paid, account
    return received, received


WAYS = {"gross": gross, "net_of_fee": net_of_fee, "posted": posted}
