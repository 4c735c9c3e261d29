from datetime import date

from pycobranca.bancos import Sicredi

from odoo import api, models

# Digits of the count; year and the digit of who numbers come before it.
COUNT_DIGITS = 5


class CollectionBankSicredi(models.AbstractModel):
    """Sicredi (748).

    Its nosso número is year (2), who numbers (1), count (5) and check digit; the count
    begins anew each year. The account counts the first eight as one number.
    """

    _name = "collection.bank.748"
    _description = "Collection by Sicredi"
    _inherit = "collection.bank"

    _slip_class = Sicredi
    _nosso_numero_digits = 8
    _required_fields = ("agency", "wallet", "agreement", "post", "id_byte")

    @api.model
    def _get_nosso_numero_range(self, account, day):
        first = int(f"{day:%y}{account.id_byte}") * 10**COUNT_DIGITS
        return first + 1, first + 10**COUNT_DIGITS - 1

    @api.model
    def _prepare_slip(self, title):
        """Take year and who numbers from the number, whatever became of the account."""
        values = super()._prepare_slip(title)
        return values | self._split_nosso_numero(title.nosso_numero, title.issue_date)

    @api.model
    def _split_nosso_numero(self, number, issue_date):
        """Return the slip's arguments for a number of eight digits.

        The slip takes the year from the day of issue.
        """
        number = number.rjust(self._nosso_numero_digits, "0")
        year = date(2000 + int(number[:2]), 1, 1)
        return {
            "nosso_numero": number[3:],
            "byte_idt": number[2],
            "data_documento": issue_date if issue_date.year == year.year else year,
        }

    @api.model
    def _get_nosso_numero_digit(self, account, number):
        """Return the check digit of a number of eight digits."""
        slip = self._slip_class(
            agencia=account.agency,
            posto=account.post,
            convenio=account.agreement,
            **self._split_nosso_numero(number, date(2000 + int(number[:2]), 1, 1)),
        )
        return str(slip.dv_nosso_numero)
