from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.tests import BaseCase

from ..tools.cnab400_remittance import ADAPTERS, Beneficiary, Order
from ..tools.payer import Payer
from .common import ACCOUNTS

GOLDEN = Path(__file__).parent / "golden"
# Check digit of nosso número 1 with the accounts of `common`.
DIGITS = {
    "001": "",
    "033": "9",
    "041": "83",
    "077": "4",
    "136": "9",
    "237": "1",
    "336": "6",
    "341": "6",
    "422": "9",
    "756": "7",
}
PAYER = Payer(
    name="ANA DE SOUZA",
    document="52998224725",
    street="RUA DAS FLORES, 12",
    district="CENTRO",
    zip="80010000",
    city="CURITIBA",
    state="PR",
)


def get(line, first, last):
    return line[first - 1 : last]


class Cnab400Case(BaseCase):
    """A title of 100.00 in the remittance of each bank that has 400 columns."""

    def _get_beneficiary(self, bank):
        account = ACCOUNTS[bank]
        return Beneficiary(
            "PROVEDOR EXEMPLO LTDA",
            "11222333000181",
            account.get("agency", ""),
            account.get("agency_digit", ""),
            account.get("account_number", ""),
            account.get("account_digit", ""),
            account["wallet"],
            account.get("agreement", ""),
            account.get("agreement_digit", ""),
            account.get("variation", ""),
            account.get("file_code", ""),
        )

    def _get_order(self, bank, kind="register", **values):
        order = Order(
            kind=kind,
            nosso_numero="1",
            company_use="NN1",
            check_digit=DIGITS[bank],
            document_number="INV202600001",
            amount=Decimal("100.00"),
            due_date=date(2026, 3, 10),
            issue_date=date(2026, 3, 1),
            payer=PAYER,
            fine_percent=Decimal("2.00"),
            interest_percent=Decimal("1.00"),
        )
        changes = {
            "change_amount": {"new_amount": Decimal("80.00")},
            "change_due_date": {"due_date": date(2026, 4, 10)},
            "discount": {
                "discount": Decimal("5.00"),
                "discount_until": date(2026, 3, 5),
            },
        }
        return replace(order, **changes.get(kind, {}) | values)

    def _write(self, bank, *orders):
        data = ADAPTERS[bank].compose(
            self._get_beneficiary(bank), orders, 7, date(2026, 3, 2)
        )
        self.assertTrue(data.endswith(b"\r\n"))
        lines = data.decode("ascii").split("\r\n")[:-1]
        self.assertEqual({len(line) for line in lines}, {400})
        return lines
