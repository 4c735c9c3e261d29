from pycobranca.cnab.cnab400 import RemessaSicoob400

from ..cnab400_record import put
from .adapter import Adapter, number

PROTEST = {3: "03", 4: "04", 5: "05", 15: "15", 20: "20"}
GIVE_BACK = {15: "42", 30: "43"}


class Sicoob(Adapter):
    """Sicoob: Layout_Cobranca_CNAB400.

    Interest and fine are monthly and one-off rates of 9(02)V9999 ("022000" is 2.20 %);
    pycobranca writes cents there. The nosso número carries its check digit.
    """

    remittance = RemessaSicoob400
    number_digits = 7
    account_fields = (
        "agency",
        "account_number",
        "account_digit",
        "agreement",
        "wallet",
    )
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": "04",
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "10",
        "discount": "31",
    }

    def prepare_account(self, beneficiary):
        return {
            **super().prepare_account(beneficiary),
            "agencia": beneficiary.agency.zfill(4),
            "conta_corrente": beneficiary.account.zfill(8),
            "convenio": f"{beneficiary.agreement}{beneficiary.agreement_digit}",
        }

    def get_number(self, order):
        return f"{super().get_number(order)}{order.check_digit}"

    def prepare_terms(self, order):
        # written by `correct_title`, as rates
        return {}

    def correct_title(self, line, order, beneficiary):
        line = put(line, 38, 62, order.company_use.ljust(25))
        if order.kind != "register":
            return line
        line = put(line, 161, 166, number(order.interest_percent, 6, 4))
        line = put(line, 167, 172, number(order.fine_percent, 6, 4))
        if order.protest_days:
            line = put(line, 392, 393, f"{order.protest_days:02}")
            return put(line, 157, 158, PROTEST[order.protest_days])
        code = GIVE_BACK.get(order.write_off_days)
        return put(line, 157, 158, code) if code else line

    def find_terms_problem(self, order):
        if order.protest_days and order.protest_days not in PROTEST:
            return "protest_days"
        return ""
