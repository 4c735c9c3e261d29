from odoo import fields, models


class ContractLine(models.Model):
    """An additional service is of the type of its product."""

    _inherit = "contract.line"

    service_type_id = fields.Many2one(
        related="product_id.service_type_id",
        string="Type of Service",
        store=True,
        index="btree_not_null",
    )
