from decimal import Decimal

from pycobranca.cnab.cnab400 import RemessaBanrisul400

from ..cnab400_record import put
from .adapter import Adapter

PROTEST = "09"
GIVE_BACK = "15"
FINE = "18"
NONE = "00"


class Banrisul(Adapter):
    """Banrisul: layout de 400 posições.

    pycobranca puts the fine in the place of the instruction on protest; days of
    protest and of giving back share a field, so that only one of them goes.
    """

    remittance = RemessaBanrisul400
    number_digits = 8
    account_fields = ("agency", "agreement", "wallet")
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": "04",
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "10",
    }

    def prepare_account(self, beneficiary):
        agreement = f"{beneficiary.agreement}{beneficiary.agreement_digit}"
        return {
            "carteira": beneficiary.wallet,
            "convenio": f"{beneficiary.agency.zfill(4)}{agreement.zfill(9)}",
        }

    def prepare_documents(self, order):
        # the ten characters of “seu número” and the 25 of the company are the same
        return {"numero": order.document_number[-10:]}

    def prepare_terms(self, order):
        terms = super().prepare_terms(order)
        if order.fine_percent:
            terms["percentual_multa"] = order.fine_percent
        return terms

    def correct_title(self, line, order, beneficiary):
        line = put(line, 38, 62, order.company_use.ljust(25))
        if order.kind != "register":
            return line
        code, days = self._get_term(order)
        fine = FINE if order.fine_percent else NONE
        line = put(line, 157, 160, f"{code}{fine}")
        if order.interest_a_day:
            # 0 is an amount a day, 1 would be a rate a month
            line = put(line, 161, 161, "0")
        return put(line, 370, 371, f"{days:02}")

    def _get_term(self, order):
        if order.protest_days:
            return PROTEST, order.protest_days
        if 0 < order.write_off_days < 100:
            return GIVE_BACK, order.write_off_days
        return NONE, 0

    def find_terms_problem(self, order):
        if order.protest_days > 99:
            return "protest_days"
        tenths = order.fine_percent * 10
        return "fine_tenths" if tenths != tenths.to_integral_value() else ""

    def find_problem(self, order):
        if order.fine_percent >= Decimal(100):
            return "fine_tenths"
        return super().find_problem(order)
