from decimal import Decimal

from odoo import models

from ..tools.payer import Payer, clean_digits, clean_document, clean_text

# Columns of a barcode that have the amount (FEBRABAN: 10 to 19).
BARCODE_AMOUNT = slice(9, 19)


class CollectionTitle(models.Model):
    """What remittance files say of a title."""

    _inherit = "collection.title"

    def _get_face_value(self):
        """Return the amount the bank registered, which rebates are taken from."""
        self.ensure_one()
        cents = int((self.barcode or "0")[BARCODE_AMOUNT] or 0)
        if not cents:
            return self._get_amount_decimal()
        return Decimal(cents).scaleb(-2)

    def _get_payer(self):
        """Return the payer's `tools.payer.Payer`: valid or not."""
        self.ensure_one()
        partner = self.partner_id
        street = ", ".join(filter(None, (partner.street, partner.street2)))
        return Payer(
            name=clean_text(partner.name or ""),
            document=clean_document(partner.vat or ""),
            street=clean_text(street),
            district=clean_text(partner.district or ""),
            zip=clean_digits(partner.zip or ""),
            city=clean_text(partner.city_id.name or partner.city or ""),
            state=clean_text(partner.state_id.code or ""),
        )
