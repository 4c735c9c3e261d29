from decimal import Decimal

from odoo import models

# Columns of a barcode that have the amount (FEBRABAN: 10 to 19).
BARCODE_AMOUNT = slice(9, 19)


class CollectionTitle(models.Model):
    """What remittances of 400 columns say of a title."""

    _inherit = "collection.title"

    def _get_face_value(self):
        """Return the amount the bank registered, which rebates are taken from."""
        self.ensure_one()
        cents = int((self.barcode or "0")[BARCODE_AMOUNT] or 0)
        if not cents:
            return self._get_amount_decimal()
        return Decimal(cents).scaleb(-2)
