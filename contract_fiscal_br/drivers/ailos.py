from pycobranca.bancos import Ailos

from odoo import api, models


class CollectionBankAilos(models.AbstractModel):
    """Ailos (085)."""

    _name = "collection.bank.085"
    _description = "Collection by Ailos"
    _inherit = "collection.bank"

    _slip_class = Ailos
    _nosso_numero_digits = 9
    _required_fields = ("account_number", "wallet", "agreement")

    @api.model
    def _format_agency(self, account, printed):
        return account._format_agency_and_account()
