from pycobranca.bancos import Inter

from odoo import api, models


class CollectionBankInter(models.AbstractModel):
    """Inter (077)."""

    _name = "collection.bank.077"
    _description = "Collection by Inter"
    _inherit = "collection.bank"

    _slip_class = Inter
    _nosso_numero_digits = 10
    _required_fields = ("wallet", "agreement")

    @api.model
    def _get_remittance_filename(self, account, file_number, generated_at):
        """Inter takes a file only under this name (Manual CNAB 400, section 3.1)."""
        return f"CI400_001_{file_number:07}.REM"
