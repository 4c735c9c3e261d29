from pycobranca.bancos import Sicredi

from odoo import models


class CollectionBankSicredi(models.AbstractModel):
    """Sicredi (748)."""

    _name = "collection.bank.748"
    _description = "Collection by Sicredi"
    _inherit = "collection.bank"

    _slip_class = Sicredi
    _nosso_numero_digits = 5
    _required_fields = ("agency", "wallet", "agreement", "post", "id_byte")
