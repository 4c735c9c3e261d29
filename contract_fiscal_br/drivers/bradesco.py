from pycobranca.bancos import Bradesco

from odoo import api, models


class CollectionBankBradesco(models.AbstractModel):
    """Bradesco (237)."""

    _name = "collection.bank.237"
    _description = "Collection by Bradesco"
    _inherit = "collection.bank"

    _slip_class = Bradesco
    _nosso_numero_digits = 11
    _required_fields = ("agency", "account_number", "wallet")
    # the agreement alone asks for it; record 4 of the return brings address and txid
    _hybrid_layouts = {"cnab400": "unused"}

    @api.model
    def _format_agency(self, account, printed):
        return account._format_agency_and_account()
