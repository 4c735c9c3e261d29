from pycobranca.bancos import Inter

from odoo import models


class CollectionBankInter(models.AbstractModel):
    """Inter (077)."""

    _name = "collection.bank.077"
    _description = "Collection by Inter"
    _inherit = "collection.bank"

    _slip_class = Inter
    _nosso_numero_digits = 10
    _required_fields = ("wallet", "agreement")
