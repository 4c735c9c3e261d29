from pycobranca.bancos import Caixa

from odoo import models


class CollectionBankCaixa(models.AbstractModel):
    """Caixa Econômica Federal (104)."""

    _name = "collection.bank.104"
    _description = "Collection by Caixa"
    _inherit = "collection.bank"

    _slip_class = Caixa
    _nosso_numero_digits = 15
    _required_fields = ("agency", "wallet", "agreement")
