from pycobranca.cnab.cnab400 import RemessaBancoC6_400

from ..cnab400_record import put
from .adapter import Adapter, day_after


class C6(Adapter):
    """C6: Cobrança Bancária, padrão CNAB 400, wallet 20 (the company numbers).

    pycobranca rounds the fine to whole percents and calls every company a CNPJ.
    """

    remittance = RemessaBancoC6_400
    number_digits = 10
    wallets = ("20",)
    account_fields = ("agreement", "wallet")
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
            "codigo_beneficiario": beneficiary.agreement,
            "carteira": beneficiary.wallet,
        }

    def prepare_terms(self, order):
        terms = super().prepare_terms(order)
        if order.interest_a_day:
            terms["data_mora"] = day_after(order.due_date)
        if order.fine_percent:
            terms |= {
                "codigo_multa": "2",
                "percentual_multa": order.fine_percent,
                "data_multa": day_after(order.due_date),
            }
        return terms

    def correct_title(self, line, order, beneficiary):
        kind = "01" if len(beneficiary.document) == 11 else "02"
        line = put(line, 2, 3, kind)
        if order.kind == "register" and order.protest_days:
            line = put(line, 392, 393, f"{order.protest_days:02}")
        return line

    def find_terms_problem(self, order):
        if order.protest_days > 99:
            return "protest_days"
        whole = order.fine_percent == order.fine_percent.to_integral_value()
        return "" if whole and order.fine_percent < 100 else "fine_whole"
