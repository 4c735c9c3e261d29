from pycobranca.bancos import Santander

from odoo import api, models


class CollectionBankSantander(models.AbstractModel):
    """Santander (033)."""

    _name = "collection.bank.033"
    _description = "Collection by Santander"
    _inherit = "collection.bank"

    _slip_class = Santander
    _nosso_numero_digits = 12
    _required_fields = ("agency", "wallet", "agreement")
    # Y-03 (H7815) and record 8 (H7800) have kind of key and key; the returns bring
    # address and txid
    _hybrid_layouts = {"cnab240": "needed", "cnab400": "needed"}

    @api.model
    def _format_agency(self, account, printed):
        """Santander prints the beneficiary's code, not the account."""
        return f"{account.agency.zfill(4)} / {account.agreement}"

    @api.model
    def _get_cnab400_owner(self, account):
        """Files of 400 have only the first seven digits of the account."""
        owner = super()._get_cnab400_owner(account)
        numbers = owner["account"] + [text[:7] for text in owner["account"]]
        return owner | {"account": numbers}

    @api.model
    def _get_last_nosso_numero(self, account):
        """A file of 400 columns has seven digits and the check digit."""
        if account.backend == "cnab_file" and account.layout == "cnab400":
            return 10**7 - 1
        return super()._get_last_nosso_numero(account)
