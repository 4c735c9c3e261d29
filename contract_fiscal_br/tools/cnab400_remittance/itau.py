from pycobranca.cnab.cnab400 import RemessaItau400

from ..cnab400_record import put
from .adapter import Adapter, day_after, number

PROTEST_AFTER_DAYS = "34"
GIVE_BACK_AFTER_DAYS = "92"


class Itau(Adapter):
    """Itaú: Cobrança, Intercâmbio Eletrônico de Arquivos, CNAB 400.

    pycobranca leaves the record of the fine (kind 2) out and writes a term of 3 days
    whether there is an instruction or not. Its record of Pix (kind 8) is Santander's.
    """

    remittance = RemessaItau400
    number_digits = 8
    account_fields = ("agency", "account_number", "account_digit", "wallet")
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": "04",
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "18",
        "discount": "31",
    }

    def correct_title(self, line, order, beneficiary):
        code, days = self._get_term(order)
        line = put(line, 157, 158, code)
        if order.kind == "register" and order.interest_a_day:
            line = put(line, 386, 391, f"{day_after(order.due_date):%d%m%y}")
        return put(line, 392, 393, f"{days:02}")

    def _get_term(self, order):
        """Return the instruction and its days: one field of days serves one of them."""
        if order.kind != "register":
            return "00", 0
        if order.protest_days:
            return PROTEST_AFTER_DAYS, order.protest_days
        if 0 < order.write_off_days < 100:
            return GIVE_BACK_AFTER_DAYS, order.write_off_days
        return "00", 0

    def find_terms_problem(self, order):
        return "protest_days" if order.protest_days > 99 else ""

    def get_companions(self, order):
        """Return the fine: kind 2, code 2 (percent), first day, 9(11)V99; and what asks
        for Pix: kind 3, key in 2-78, blank for the CNPJ."""
        records = []
        if order.kind == "register" and order.fine_percent:
            first = day_after(order.due_date)
            records.append(f"22{first:%d%m%Y}{number(order.fine_percent, 13)}")
        if order.pix_key is not None:
            records.append(f"3{order.pix_key}")
        return [record.ljust(400) for record in records]
