from odoo import api, models

from ..tools.cnab_error import CnabError
from .collection_bank_cnab240 import MOVEMENTS


class CollectionBankCaixa(models.AbstractModel):
    """Files of 240 columns of Caixa (SIGCB)."""

    _inherit = "collection.bank.104"

    _layouts = ("cnab240",)
    _cnab240_movements = {**MOVEMENTS, "change_amount": 47}
    _cnab240_interest_days = 1
    _cnab240_fine_days = 1

    @api.model
    def _prepare_cnab240_file(self, account, file_number, generated_at):
        values = super()._prepare_cnab240_file(account, file_number, generated_at)
        return values | {"beneficiary": values["agreement"]}

    @api.model
    def _get_cnab240_nosso_numero(self, title):
        """The file takes modality and number, 17 digits, without the check digit."""
        return super()._get_cnab240_nosso_numero(title)[:17]

    @api.model
    def _read_nosso_numero(self, account, text, line):
        """Modality (2), number (15) and the check digit, which may be blank."""
        digits = self._parse_digits(text, line)
        if len(digits) not in (17, 18):
            raise CnabError("not_number", line, field="nosso_numero", text=text)
        modality, number = digits[:2], digits[2:17]
        slip = self._slip_class(nosso_numero=number, carteira=modality)
        if digits[17:] not in ("", slip.dv_nosso_numero):
            raise CnabError("check_digit", line, text=digits)
        return number.lstrip("0")
