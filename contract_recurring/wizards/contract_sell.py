from odoo import api, fields, models


class ContractSell(models.TransientModel):
    """Sells a product or service once on a contract (*gerar venda*, S004-102)."""

    _name = "contract.sell"
    _inherit = "contract.charging.wizard"
    _description = "Generate a Sale on a Contract"

    product_id = fields.Many2one(
        "product.product",
        domain="[('sale_ok', '=', True), ('company_id', 'in', (False, company_id))]",
        required=True,
    )
    name = fields.Char(
        string="Description", compute="_compute_name", store=True, readonly=False
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    price_unit = fields.Monetary(
        string="Unit Price", compute="_compute_price_unit", store=True, readonly=False
    )

    @api.depends("product_id")
    def _compute_name(self):
        for wizard in self:
            partner = wizard.contract_id.partner_id
            wizard.name = wizard.product_id.with_context(lang=partner.lang).display_name

    @api.depends("product_id")
    def _compute_price_unit(self):
        for wizard in self:
            contract = wizard.contract_id
            wizard.price_unit = contract._get_list_price(
                wizard.product_id, wizard.quantity
            )

    @api.depends("product_id", "name", "quantity", "price_unit")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.product_id)

    def _apply(self, contract):
        sale = {
            "product_id": self.product_id.id,
            "name": self.name or self.product_id.display_name,
            "quantity": self.quantity,
            "uom_id": self.product_id.uom_id.id,
            "price_unit": self.price_unit,
        }
        return contract._charge_sale(
            sale,
            fields.Date.context_today(self),
            due_date=self._get_own_due_date(),
            reason=self.reason,
        )
