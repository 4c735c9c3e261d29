from odoo import api, fields, models


class ContractAddService(models.TransientModel):
    """An additional service: once, for some periods, or permanent (S001-24)."""

    _name = "contract.add.service"
    _inherit = "contract.change.wizard"
    _description = "Add a Service to a Contract"

    service_type_id = fields.Many2one(
        "contract.service.type",
        string="Type",
        help="Narrows the products to those of a type.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        domain="[('sale_ok', '=', True), ('company_id', 'in', (False, company_id)),"
        " ('service_type_id', '=?', service_type_id)]",
        required=True,
    )
    name = fields.Char(
        string="Description", compute="_compute_name", store=True, readonly=False
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
    )
    price_unit = fields.Monetary(
        string="Unit Price", compute="_compute_price_unit", store=True, readonly=False
    )
    duration = fields.Selection(
        [
            ("once", "Once"),
            ("periods", "For some periods"),
            ("permanent", "Permanently"),
        ],
        string="Charge It",
        default="permanent",
        required=True,
    )
    periods = fields.Integer(
        default=1, help="How many, that of the first day included."
    )

    @api.depends("service_type_id")
    def _compute_product_id(self):
        """Let go of a product that is not of the type chosen."""
        for wizard in self:
            chosen = wizard.service_type_id
            if chosen and wizard.product_id.service_type_id != chosen:
                wizard.product_id = False

    @api.depends("product_id")
    def _compute_name(self):
        for wizard in self:
            partner = wizard.contract_id.partner_id
            wizard.name = wizard.product_id.with_context(lang=partner.lang).display_name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for wizard in self:
            wizard.uom_id = wizard.product_id.uom_id

    @api.depends("product_id")
    def _compute_price_unit(self):
        for wizard in self:
            contract = wizard.contract_id
            wizard.price_unit = contract._get_list_price(
                wizard.product_id, wizard.quantity
            )

    @api.depends("product_id", "name", "quantity", "price_unit", "duration", "periods")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.product_id)

    def _apply(self, contract):
        service = {
            "product_id": self.product_id.id,
            "name": self.name or self.product_id.display_name,
            "quantity": self.quantity,
            "uom_id": (self.uom_id or self.product_id.uom_id).id,
            "price_unit": self.price_unit,
        }
        if self.duration == "once":
            contract._charge_once(service, self.date, reason=self.reason)
            return
        contract._add_service(
            service,
            self.date,
            periods=self.periods if self.duration == "periods" else None,
            reason=self.reason,
        )
