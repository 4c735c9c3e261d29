from pycobranca.bancos import Banrisul

from odoo import api, models


class CollectionBankBanrisul(models.AbstractModel):
    """Banrisul (041)."""

    _name = "collection.bank.041"
    _description = "Collection by Banrisul"
    _inherit = "collection.bank"

    _slip_class = Banrisul
    _nosso_numero_digits = 8
    _required_fields = ("agency", "wallet", "agreement")

    @api.model
    def _get_cnab400_owner(self, account):
        """The beneficiary's code is the branch, then the agreement with its digits."""
        return {"agreement": [account.agreement, self._get_beneficiary_code(account)]}

    @api.model
    def _get_beneficiary_code(self, account):
        """Return the 13 digits: branch, agreement and its check digits."""
        agreement = f"{account.agreement}{account.agreement_digit or ''}"
        return f"{account.agency.zfill(4)}{agreement.zfill(9)}"

    @api.model
    def _read_check_digit(self, slip):
        """Banrisul has two check digits."""
        return slip.nosso_numero_formatado()[-2:]
