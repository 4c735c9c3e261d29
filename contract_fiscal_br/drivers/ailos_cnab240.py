from odoo import api, models

from ..tools.cnab_error import CnabError


class CollectionBankAilos(models.AbstractModel):
    """Files of 240 columns of Ailos.

    Days until a title is given back are those of the agreement.
    """

    _inherit = "collection.bank.085"

    _layouts = ("cnab240",)
    _cnab240_fine_only = True

    @api.model
    def _prepare_cnab240_file(self, account, file_number, generated_at):
        values = super()._prepare_cnab240_file(account, file_number, generated_at)
        return values | {"agreement_code": account.agreement.rjust(6, "0")}

    @api.model
    def _get_account_digit(self, account):
        slip = self._slip_class(conta=account.account_number)
        return str(slip.dv_conta)

    @api.model
    def _read_nosso_numero(self, account, text, line):
        """Account with its digit (8), then the number (9)."""
        digits = self._parse_digits(text, line)
        own = account.account_number.lstrip("0") + self._get_account_digit(account)
        if len(digits) != 17:
            raise CnabError("not_number", line, field="nosso_numero", text=text)
        if digits[:8] != own.rjust(8, "0"):
            raise CnabError("wrong_account", line, found=digits[:8], expected=own)
        return digits[8:].lstrip("0")
