"""What a bank is asked to do with a title, without any bank's codes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..payer import Payer

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Beneficiary:
    """The account a file is written for, as `collection.account` has it."""

    name: str
    document: str
    agency: str
    agency_digit: str
    account: str
    account_digit: str
    wallet: str
    agreement: str
    agreement_digit: str
    variation: str
    file_code: str


@dataclass(frozen=True)
class Order:
    """One instruction. Amounts are Decimals in BRL with two places.

    :param str kind: one of `const.INSTRUCTION_KINDS`
    :param str nosso_numero: as the account counts it
    :param str company_use: what the bank gives back with every answer, 25 characters
    :param str check_digit: of the nosso número, as the bank's files have it
    :param amount: the face value the bank registered, or is to register
    :param due_date: the new one where it changes
    :param new_amount: where the amount changes
    :param pix_key: of a Pix charge that the bank is to make with the title; empty: the
        bank knows it; None: no charge
    :param fine_percent: of the amount, once; interest is simple, per month of 30 days
    """

    kind: str
    nosso_numero: str
    company_use: str
    check_digit: str
    document_number: str
    amount: Decimal
    due_date: date
    issue_date: date
    payer: Payer
    fine_percent: Decimal = ZERO
    interest_percent: Decimal = ZERO
    protest_days: int = 0
    write_off_days: int = 0
    new_amount: Decimal | None = None
    discount: Decimal = ZERO
    discount_until: date | None = None
    pix_key: str | None = None

    @property
    def rebate(self) -> Decimal:
        """Return what the face value loses (abatimento)."""
        return ZERO if self.new_amount is None else self.amount - self.new_amount

    @property
    def interest_a_day(self) -> Decimal:
        """Return the interest of one day, rounded half-up to the cent.

        Source: the columns “valor da mora por dia” of the banks' layouts.
        """
        exact = self.amount * self.interest_percent / Decimal(3000)
        return exact.quantize(CENT, "ROUND_HALF_UP")
