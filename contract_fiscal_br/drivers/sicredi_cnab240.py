from odoo import api, models

from ..tools.cnab_error import CnabError


class CollectionBankSicredi(models.AbstractModel):
    """Files of 240 columns of Sicredi.

    The bank gives every title back after 60 days, whatever the file says.
    """

    _inherit = "collection.bank.748"

    _layouts = ("cnab240",)
    _cnab240_interest_days = 1
    # the code is 1 with or without a discount
    _cnab240_no_discount = 1

    @api.model
    def _read_nosso_numero(self, account, text, line):
        """Year (2), who numbers (1), sequence (5) and check digit."""
        digits = self._parse_digits(text, line)
        if len(digits) != 9:
            raise CnabError("not_number", line, field="nosso_numero", text=text)
        if self._get_nosso_numero_digit(account, digits[:8]) != digits[8]:
            raise CnabError("check_digit", line, text=text)
        return digits[:8].lstrip("0")
