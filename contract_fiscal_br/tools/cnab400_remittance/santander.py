from pycobranca.cnab.cnab400 import RemessaSantander400

from ..cnab400_record import put
from ..pix_key import get_pix_key_code
from .adapter import Adapter, day_after, number

# Wallet of the slip, and its code in the file: simple or pledged, both registered.
WALLETS = {"101": "5", "121": "6"}
PROTEST = "06"
GIVE_BACK = {15: "02", 30: "03"}


class Santander(Adapter):
    """Santander: H7800, Layout de Cobrança 353, 400 posições.

    The nosso número carries its check digit here, and the fine has the code 4.
    """

    remittance = RemessaSantander400
    number_digits = 7
    wallets = tuple(WALLETS)
    account_fields = ("agency", "agreement", "file_code")
    codes = {
        "register": "01",
        "write_off": "02",
        "change_amount": "04",
        "change_due_date": "06",
        "protest": "09",
        "cancel_protest": "18",
    }

    def prepare_account(self, beneficiary):
        return {
            "codigo_transmissao": beneficiary.file_code,
            "codigo_carteira": WALLETS[beneficiary.wallet],
            "conta_corrente": beneficiary.account,
            "digito_conta": beneficiary.account_digit,
        }

    def get_number(self, order):
        return f"{super().get_number(order)}{order.check_digit}"

    def prepare_terms(self, order):
        terms = super().prepare_terms(order)
        if order.fine_percent:
            terms |= {
                "codigo_multa": "4",
                "percentual_multa": order.fine_percent,
                "data_multa": day_after(order.due_date),
            }
        return terms

    def correct_title(self, line, order, beneficiary):
        if order.kind != "register":
            return line
        if order.protest_days:
            line = put(line, 392, 393, f"{order.protest_days:02}")
            return put(line, 157, 158, PROTEST)
        code = GIVE_BACK.get(order.write_off_days)
        return put(line, 157, 158, code) if code else line

    def find_terms_problem(self, order):
        return "protest_days" if order.protest_days > 99 else ""

    def correct_trailer(self, line, count):
        return put(line, 2, 7, f"{count:06}")

    def get_companions(self, order):
        """Return what asks for Pix: record 8, paid as the profile of the company says
        (00), once, with the title's own amount; the bank makes the TXID."""
        if order.pix_key is None:
            return []
        amount, percent = number(order.amount, 13), "10000"
        key = f"{get_pix_key_code(order.pix_key)}{order.pix_key}"
        return [f"800012{amount}{percent}{amount}{percent}{key}".ljust(400)]
