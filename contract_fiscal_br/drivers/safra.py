from pycobranca.bancos import Safra

from odoo import models


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
