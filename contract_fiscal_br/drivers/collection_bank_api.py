from odoo import api, models


class CollectionBank(models.AbstractModel):
    """Boletos numbered by the bank are printed as its API gave them."""

    _inherit = "collection.bank"

    @api.model
    def _prepare_slip(self, title):
        values = super()._prepare_slip(title)
        if title.account_id.is_api:
            # only the layout is composed from it: see `_get_print_context`
            digits = self._nosso_numero_digits
            values["nosso_numero"] = (title.nosso_numero or "1")[-digits:]
        return values

    @api.model
    def _get_print_context(self, title):
        context = super()._get_print_context(title)
        if title.account_id.is_api:
            context |= {
                "codigo_barras": title.barcode,
                "linha_digitavel": title.digitable_line,
                "nosso_numero": title.nosso_numero_full,
            }
        return context
