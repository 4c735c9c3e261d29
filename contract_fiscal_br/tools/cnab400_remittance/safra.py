from pycobranca.cnab.cnab400 import RemessaSafra400

from ..cnab400_record import put
from .adapter import Adapter, day_after

RAISE = "31"


class Safra(Adapter):
    """Safra: Leiaute de Arquivos, Cobrança CNAB 400.

    An amount changes as such (31). The fine stands in the columns of the rebate.
    """

    remittance = RemessaSafra400
    number_digits = 8
    account_fields = (
        "agency",
        "agency_digit",
        "account_number",
        "account_digit",
        "wallet",
    )
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": RAISE,
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "10",
    }

    def prepare_account(self, beneficiary):
        return {
            "agencia": f"{beneficiary.agency}{beneficiary.agency_digit}",
            "conta_corrente": f"{beneficiary.account}{beneficiary.account_digit}",
            "carteira": beneficiary.wallet,
        }

    def prepare_documents(self, order):
        return {
            "numero": order.company_use,
            "documento": order.document_number[-10:],
        }

    def prepare_payment(self, order):
        payment = super().prepare_payment(order)
        payment.valor_abatimento = 0
        if order.kind == "change_amount":
            payment.valor = order.new_amount
        return payment

    def prepare_terms(self, order):
        terms = super().prepare_terms(order)
        if order.fine_percent:
            terms |= {
                "codigo_multa": "2",
                "percentual_multa": order.fine_percent,
                "data_multa": day_after(order.due_date),
            }
        return terms

    def correct_title(self, line, order, beneficiary):
        kind = "01" if len(beneficiary.document) == 11 else "02"
        line = put(line, 2, 17, f"{kind}{beneficiary.document.rjust(14, '0')}")
        payer = order.payer
        return put(line, 219, 234, f"0{payer.kind}{payer.document.rjust(14, '0')}")

    def find_amount_problem(self, order):
        return ""

    def find_terms_problem(self, order):
        return "protest_days" if order.protest_days else ""
