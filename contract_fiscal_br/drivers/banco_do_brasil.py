from pycobranca.bancos import BancoDoBrasil

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.check_digit import modulo11_bb


class CollectionBankBancoDoBrasil(models.AbstractModel):
    """Banco do Brasil (001)."""

    _name = "collection.bank.001"
    _description = "Collection by Banco do Brasil"
    _inherit = "collection.bank"

    _slip_class = BancoDoBrasil
    _nosso_numero_digits = 10
    _required_fields = ("agency", "account_number", "wallet", "agreement")

    @api.model
    def _get_last_nosso_numero(self, account):
        """A convênio of 7, 6 or 4 digits leaves 10, 5 or 7 for the number.

        Source: Especificações Técnicas para Confecção de Boleto, Banco do Brasil.
        """
        digits = {7: 10, 6: 5, 4: 7}[len(account.agreement)]
        return 10**digits - 1

    @api.model
    def _check_account(self, account):
        result = super()._check_account(account)
        if len(account.agreement) not in (4, 6, 7):
            raise UserError(
                self.env._(
                    "%(account)s: Banco do Brasil's agreement has 4, 6 or 7 digits.",
                    account=account.name,
                )
            )
        return result

    @api.model
    def _get_full_nosso_numero(self, slip):
        """Return the agreement before the number, with the check digit where the
        number is shorter than 17 digits; pycobranca leaves both out."""
        if len(slip.convenio) == 7:
            return slip.nosso_numero_formatado()
        number = f"{slip.convenio}{slip.nosso_numero_formatado()}"
        return f"{number}-{modulo11_bb(number)}"

    @api.model
    def _get_print_context(self, title):
        context = super()._get_print_context(title)
        return context | {"nosso_numero": title.nosso_numero_full}

    @api.model
    def _format_agency(self, account, printed):
        return account._format_agency_and_account()

    @api.model
    def _check_cnab400_account(self, account):
        """Records of kind 7 are for agreements of seven digits."""
        result = super()._check_cnab400_account(account)
        if len(account.agreement) != 7:
            raise UserError(
                self.env._(
                    "%(account)s: files of CNAB 400 for Banco do Brasil need an "
                    "agreement of 7 digits.",
                    account=account.name,
                )
            )
        return result
