from odoo import fields, models


class ContractTemplateLine(models.Model):
    """A service that a plan includes is of the type of its product."""

    _inherit = "contract.template.line"

    service_type_id = fields.Many2one(
        related="product_id.service_type_id", string="Type of Service"
    )
