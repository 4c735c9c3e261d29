from pycobranca.bancos import Itau

from odoo import models


class CollectionBankItau(models.AbstractModel):
    """Itaú (341)."""

    _name = "collection.bank.341"
    _description = "Collection by Itaú"
    _inherit = "collection.bank"

    _slip_class = Itau
    _nosso_numero_digits = 8
    _required_fields = ("agency", "account_number", "wallet")
    # record 3; the return's has the code of the charge itself
    _hybrid_layouts = {"cnab400": "optional"}
