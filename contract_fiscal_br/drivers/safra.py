from pycobranca.bancos import Safra

from odoo import api, models


class CollectionBankSafra(models.AbstractModel):
    """Safra (422)."""

    _name = "collection.bank.422"
    _description = "Collection by Safra"
    _inherit = "collection.bank"

    _slip_class = Safra
    _nosso_numero_digits = 8
    _required_fields = (
        "agency",
        "agency_digit",
        "account_number",
        "account_digit",
        "wallet",
    )

    @api.model
    def _get_cnab400_owner(self, account):
        """Branch and account stand with their digits."""
        owner = super()._get_cnab400_owner(account)
        return owner | {
            "agency": [account.agency, f"{account.agency}{account.agency_digit}"]
        }
