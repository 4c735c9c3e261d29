"""What a bank says about a title, in one form for files, APIs and webhooks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class CollectionEvent:
    """One occurrence of one title. Amounts are Decimals in BRL, with two places.

    `paid` is what the payer paid, before the bank takes its `fee`; `net` is what the
    bank credits. `paid = amount + interest + fine - discount - rebate` where the bank
    tells all of them, and `net = paid - fee` where it keeps the fee back.

    :param str nosso_numero: as the account counts it: no check digit, no leading zeros
    :param str kind: one of `const.EVENT_KINDS`
    :param str occurrence: the bank's own code
    :param amount: face value
    :param reasons: the bank's codes of the reasons, as they stand
    :param str txid: identifies a Pix charge in the place of the nosso número
    :param str external_id: identifies the payment itself (Pix endToEndId); twice the
        same is the same payment, whatever else differs
    :param int line: where it stands in its file, from 1
    """

    kind: str
    occurrence: str
    occurred_on: date
    nosso_numero: str = ""
    txid: str = ""
    external_id: str = ""
    document_number: str = ""
    amount: Decimal = ZERO
    paid: Decimal = ZERO
    interest: Decimal = ZERO
    fine: Decimal = ZERO
    discount: Decimal = ZERO
    rebate: Decimal = ZERO
    fee: Decimal = ZERO
    net: Decimal = ZERO
    credit_date: date | None = None
    reasons: tuple[str, ...] = ()
    pix_copy_paste: str = ""
    line: int = 0

    def get_key(self):
        """Return what makes two reports the same event, ordinal aside."""
        is_untold = self.kind == "paid" and not self.paid
        if self.external_id:
            # told without its amount it is not the payment yet: that comes later
            kind = "paid without an amount" if is_untold else self.kind
            return (self.external_id, kind)
        moved = self.paid or self.fee or self.amount
        if is_untold:
            moved = -moved
        return (
            self.nosso_numero or self.txid,
            self.occurrence,
            self.occurred_on,
            moved,
        )


def number_identical(events):
    """Return (event, ordinal) pairs: identical events count 1, 2, … in their order.

    Two equal lines of one file are two payments; the same file read again gives the
    same ordinals, so both are known.

    >>> one = CollectionEvent("paid", "06", date(2026, 3, 10), nosso_numero="7")
    >>> [ordinal for _event, ordinal in number_identical([one, one])]
    [1, 2]
    """
    counts = {}
    numbered = []
    for event in events:
        key = event.get_key()
        # a payment with an identity of its own is the same however often it comes
        counts[key] = 1 if event.external_id else counts.get(key, 0) + 1
        numbered.append((event, counts[key]))
    return numbered
