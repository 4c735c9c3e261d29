from pycobranca.cnab.cnab400 import RemessaInter400

from ..cnab400_record import put
from .adapter import Adapter, day_after

LAST_DAY = 60


class Inter(Adapter):
    """Inter: Manual CNAB 400, which takes registrations only."""

    remittance = RemessaInter400
    number_digits = 10
    account_fields = ("account_number", "account_digit", "wallet")
    codes = {"register": "01"}

    def prepare_account(self, beneficiary):
        values = super().prepare_account(beneficiary)
        return values | {"agencia": beneficiary.agency or "0001"}

    def get_number(self, order):
        return f"{super().get_number(order)}{order.check_digit}"

    def prepare_documents(self, order):
        # the other way round than elsewhere
        return {
            "numero": order.company_use,
            "documento": order.document_number[-10:],
        }

    def prepare_terms(self, order):
        """Inter takes both as rates, from a day on."""
        terms = {}
        if order.interest_percent:
            terms = {
                "tipo_mora": "2",
                "percentual_mora": order.interest_percent,
                "data_mora": day_after(order.due_date),
            }
        if order.fine_percent:
            terms |= {
                "codigo_multa": "2",
                "percentual_multa": order.fine_percent,
                "data_multa": day_after(order.due_date),
            }
        return terms

    def correct_title(self, line, order, beneficiary):
        days = min(order.write_off_days or LAST_DAY, LAST_DAY)
        line = put(line, 140, 141, f"{days:02}")
        return _put_payer(line, order.payer, 221)

    def find_terms_problem(self, order):
        return "protest_days" if order.protest_days else ""


def _put_payer(line, payer, first):
    """Write kind and document; pycobranca drops the letters of a new CNPJ."""
    text = f"0{payer.kind}{payer.document.rjust(14, '0')}"
    return put(line, first, first + 15, text)
