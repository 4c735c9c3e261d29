from pycobranca.cnab.cnab400 import RemessaBradesco400

from ..cnab400_record import put
from .adapter import Adapter

PROTEST = "06"


class Bradesco(Adapter):
    """Bradesco: layout de arquivos de cobrança, 400 posições."""

    remittance = RemessaBradesco400
    number_digits = 11
    account_fields = ("agency", "account_number", "account_digit", "agreement")
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": "04",
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "19",
        "discount": "31",
    }

    def prepare_account(self, beneficiary):
        return {
            **super().prepare_account(beneficiary),
            "carteira": beneficiary.wallet.zfill(2),
            "codigo_empresa": beneficiary.agreement,
        }

    def prepare_terms(self, order):
        terms = super().prepare_terms(order)
        if order.fine_percent:
            terms |= {"codigo_multa": "2", "percentual_multa": order.fine_percent}
        return terms

    def correct_title(self, line, order, beneficiary):
        if order.kind != "register" or not order.protest_days:
            return line
        return put(line, 157, 160, f"{PROTEST}{order.protest_days:02}")

    def find_terms_problem(self, order):
        return "protest_days" if order.protest_days > 99 else ""
