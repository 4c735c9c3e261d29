from pycobranca.cnab.cnab400 import RemessaUnicred400

from ..cnab400_record import put
from .adapter import Adapter, number

NO_FINE, FINE_PERCENT = "3", "2"
NO_INTEREST, INTEREST_A_MONTH = "5", "2"
NO_PROTEST, PROTEST_AFTER_DAYS = "3", "1"


class Unicred(Adapter):
    """Unicred: Layout CNAB 400 Remessa.

    pycobranca prints the name of a field into the header, computes the digit of the
    account from five of its digits, and uses FEBRABAN's codes where Unicred has its
    own: 3 is interest in an amount a month, 5 none; no fine is 3, not 0.
    """

    remittance = RemessaUnicred400
    number_digits = 10
    account_fields = ("agency", "account_number", "account_digit", "wallet")
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": "04",
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "11",
    }

    def prepare_account(self, beneficiary):
        code = beneficiary.agreement or (
            f"{beneficiary.wallet.zfill(4)}{beneficiary.agency.zfill(5)}"
            f"{beneficiary.account.zfill(7)}{beneficiary.account_digit}"
        )
        return {
            **super().prepare_account(beneficiary),
            "codigo_beneficiario": code,
        }

    def prepare_terms(self, order):
        # written by `correct_title`, in Unicred's own codes
        return {}

    def correct_header(self, line, beneficiary):
        return put(line, 118, 394, " " * 277)

    def correct_title(self, line, order, beneficiary):
        account = f"{beneficiary.account.zfill(12)}{beneficiary.account_digit}"
        line = put(line, 8, 20, account)
        if beneficiary.agency_digit:
            line = put(line, 7, 7, beneficiary.agency_digit)
        line = put(line, 38, 62, order.company_use.ljust(25))
        new = order.kind == "register"
        fine = order.fine_percent if new else 0
        interest = order.interest_percent if new else 0
        line = put(line, 94, 94, FINE_PERCENT if fine else NO_FINE)
        line = put(line, 95, 104, number(fine, 10))
        line = put(line, 105, 105, INTEREST_A_MONTH if interest else NO_INTEREST)
        line = put(line, 161, 173, number(interest, 13))
        return self._put_protest(line, order.protest_days if new else 0)

    def _put_protest(self, line, days):
        code = PROTEST_AFTER_DAYS if days else NO_PROTEST
        return put(line, 158, 160, f"{code}{days:02}")

    def find_terms_problem(self, order):
        return "protest_days" if order.protest_days > 99 else ""
