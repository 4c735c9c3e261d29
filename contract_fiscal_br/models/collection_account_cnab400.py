from odoo import api, fields, models
from odoo.exceptions import ValidationError

FILE_CODE_DIGITS = 20


class CollectionAccount(models.Model):
    """What some banks want in each file, besides the account's own numbers."""

    _inherit = "collection.account"

    file_code = fields.Char(
        string="Transmission Code",
        tracking=True,
        help="Santander: the 20 digits that the bank's letter calls código de "
        "transmissão.",
    )

    @api.constrains("file_code", "account_digit", "agency_digit")
    def _check_file_fields(self):
        for account in self:
            code = account.file_code
            if code and not (code.isdecimal() and len(code) == FILE_CODE_DIGITS):
                raise ValidationError(
                    self.env._(
                        "%(account)s: the transmission code has %(digits)s digits, "
                        "not “%(code)s”.",
                        account=account.name,
                        digits=FILE_CODE_DIGITS,
                        code=code,
                    )
                )
            account._get_backend()._check_account(account)
