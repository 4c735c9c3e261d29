from odoo import fields, models


class ProductTemplate(models.Model):
    """A product that is charged period by period, with or without a plan."""

    _inherit = "product.template"

    is_recurring_service = fields.Boolean(
        string="Recurring Service",
        help="In a quote this product starts out as charged every month by a "
        "contract. The quote may choose another recurrence.",
    )
    service_type_id = fields.Many2one(
        "contract.service.type",
        string="Type of Service",
        index="btree_not_null",
        ondelete="restrict",
        help="What it is when added to a contract, beside the plan.",
    )
