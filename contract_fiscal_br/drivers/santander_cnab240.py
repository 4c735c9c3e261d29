from odoo import api, models

from ..tools.check_digit import modulo11_bb
from .collection_bank_cnab240 import MOVEMENTS


class CollectionBankSantander(models.AbstractModel):
    """Files of 240 columns of Santander (layout H7815, Santander Multibanco)."""

    _inherit = "collection.bank.033"

    _layouts = ("cnab240", "cnab400")
    # 10 keeps a title from protest, 18 stops one; discounts are not granted by file
    _cnab240_movements = {
        kind: code for kind, code in MOVEMENTS.items() if kind != "discount"
    } | {"cancel_protest": 18}
    # 0 none; 3 would leave it to the profile the bank has of the company
    _cnab240_protest_codes = (1, 0)
    _cnab240_last_write_off = 99

    @api.model
    def _prepare_cnab240_file(self, account, file_number, generated_at):
        values = super()._prepare_cnab240_file(account, file_number, generated_at)
        return values | {
            "transmission_code": self._get_transmission_code(account),
            "collection_account": values["account"],
            "collection_account_digit": values["account_digit"],
        }

    @api.model
    def _get_transmission_code(self, account):
        """Return the 15 digits the bank knows the sender by: from its letter, or
        branch, four zeros and beneficiary."""
        code = account.transmission_code or (
            f"{account.agency.rjust(4, '0')}0000{account.agreement.rjust(7, '0')}"
        )
        return code.rjust(15, "0")

    @api.model
    def _get_agency_digit(self, account):
        return account.agency_digit or modulo11_bb(account.agency.rjust(4, "0"))

    @api.model
    def _get_cnab240_nosso_numero(self, title):
        return super()._get_cnab240_nosso_numero(title).rjust(13, "0")

    @api.model
    def _read_nosso_numero(self, account, text, line):
        digits = self._parse_digits(text, line)
        return self._check_nosso_numero_digit(account, digits, line)
