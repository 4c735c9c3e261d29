from pycobranca.bancos import C6

from odoo import models


class CollectionBankC6(models.AbstractModel):
    """C6 Bank (336)."""

    _name = "collection.bank.336"
    _description = "Collection by C6 Bank"
    _inherit = "collection.bank"

    _slip_class = C6
    _nosso_numero_digits = 10
    _required_fields = ("agency", "wallet", "agreement")
