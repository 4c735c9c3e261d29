from pycobranca.bancos import Banrisul

from odoo import models


class CollectionBankBanrisul(models.AbstractModel):
    """Banrisul (041)."""

    _name = "collection.bank.041"
    _description = "Collection by Banrisul"
    _inherit = "collection.bank"

    _slip_class = Banrisul
    _nosso_numero_digits = 8
    _required_fields = ("agency", "wallet", "agreement")
