from pycobranca.bancos import Unicred

from odoo import models


class CollectionBankUnicred(models.AbstractModel):
    """Unicred (136)."""

    _name = "collection.bank.136"
    _description = "Collection by Unicred"
    _inherit = "collection.bank"

    _slip_class = Unicred
    _nosso_numero_digits = 10
    _required_fields = ("agency", "account_number", "account_digit", "wallet")
