from pycobranca.core.dv import modulo11_flex

from odoo import api, models

from .collection_bank_cnab240 import MOVEMENTS


class CollectionBankSicoob(models.AbstractModel):
    """Files of 240 columns of Sicoob.

    Days until a title is given back are those of the contract with the bank.
    """

    _inherit = "collection.bank.756"

    _layouts = ("cnab240", "cnab400")
    # sources differ on how a protest is stopped by file: not offered
    _cnab240_movements = {
        kind: code for kind, code in MOVEMENTS.items() if kind != "cancel_protest"
    }
    # 0 none, 1 amount a day, 2 percent a month
    _cnab240_no_interest = 0

    @api.model
    def _prepare_cnab240_file(self, account, file_number, generated_at):
        values = super()._prepare_cnab240_file(account, file_number, generated_at)
        return values | {"wallet_code": account.wallet.lstrip("0")}

    @api.model
    def _get_agency_digit(self, account):
        return account.agency_digit or self._get_digit(account.agency.rjust(4, "0"))

    @api.model
    def _get_account_digit(self, account):
        return account.account_digit or self._get_digit(account.account_number)

    @api.model
    def _get_digit(self, number):
        return str(modulo11_flex(number, mapa={10: 0})) if number else ""

    @api.model
    def _get_cnab240_nosso_numero(self, title):
        """Number and check digit (10), instalment (2), modality (2), form 4 (A4)."""
        number = super()._get_cnab240_nosso_numero(title).rjust(10, "0")
        modality = (title.account_id.variation or "1").rjust(2, "0")
        return f"{number}01{modality}4"

    @api.model
    def _read_nosso_numero(self, account, text, line):
        digits = self._parse_digits(text[:10], line)
        return self._check_nosso_numero_digit(
            account,
            digits,
            line,
            agencia=account.agency,
            carteira=account.wallet,
            convenio=account.agreement or "",
            numero_contrato=account.contract_number or "",
        )
