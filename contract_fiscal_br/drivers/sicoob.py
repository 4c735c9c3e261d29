from pycobranca.bancos import Sicoob

from odoo import api, models


class CollectionBankSicoob(models.AbstractModel):
    """Sicoob (756)."""

    _name = "collection.bank.756"
    _description = "Collection by Sicoob"
    _inherit = "collection.bank"

    _slip_class = Sicoob
    _nosso_numero_digits = 7
    _required_fields = ("agency", "wallet", "agreement")

    @api.model
    def _format_agency(self, account, printed):
        """Sicoob prints the beneficiary's code, not the account."""
        return f"{account.agency.zfill(4)} / {account.agreement}"

    @api.model
    def _get_cnab400_owner(self, account):
        """The client's code stands with or without its digit."""
        owner = super()._get_cnab400_owner(account)
        code = f"{account.agreement}{account.agreement_digit or ''}"
        return owner | {"agreement": [account.agreement, code]}
