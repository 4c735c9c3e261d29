from pycobranca.cnab.cnab400 import RemessaBancoBrasil400

from ..cnab400_record import put
from .adapter import Adapter, day_after, number

# Days that have an instruction of their own; others go with PROTEST_AFTER_DAYS.
PROTEST = {3: "03", 4: "04", 5: "05"}
PROTEST_AFTER_DAYS = "06"


class BancoDoBrasil(Adapter):
    """Banco do Brasil: CBR641, records of kind 7 (agreement of 7 digits).

    pycobranca leaves the record of the fine (kind 5, service 99) out.
    """

    remittance = RemessaBancoBrasil400
    number_digits = 10
    account_fields = ("agency", "account_number", "agreement", "variation", "wallet")
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
            "convenio": beneficiary.agreement,
            "convenio_lider": beneficiary.agreement,
            "variacao_carteira": beneficiary.variation,
        }

    def prepare_documents(self, order):
        # both stand in the ten characters of “seu número”
        return {"numero": order.document_number[-10:]}

    def correct_title(self, line, order, beneficiary):
        line = put(line, 39, 63, order.company_use.ljust(25))
        line = put(line, 392, 393, "  ")
        if order.kind != "register" or not order.protest_days:
            return line
        code = PROTEST.get(order.protest_days, PROTEST_AFTER_DAYS)
        line = put(line, 157, 158, code)
        if code == PROTEST_AFTER_DAYS:
            line = put(line, 392, 393, f"{order.protest_days:02}")
        return line

    def find_terms_problem(self, order):
        days = order.protest_days
        if days and days not in PROTEST and days not in (*range(6, 30), 35, 40):
            return "protest_days"
        return ""

    def get_companions(self, order):
        """Return the fine: kind 5, service 99, code 2 (percent), day, 9(10)V99."""
        if order.kind != "register" or not order.fine_percent:
            return []
        fine = f"5992{day_after(order.due_date):%d%m%y}{number(order.fine_percent, 12)}"
        return [fine.ljust(400)]
