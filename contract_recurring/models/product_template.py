from odoo import fields, models


class ProductTemplate(models.Model):
    """A product that is charged period by period, with or without a plan."""

    _inherit = "product.template"

    is_recurring_service = fields.Boolean(
        string="Recurring Service",
        help="In a quote this product starts out as charged every month by a "
        "contract. The quote may choose another recurrence.",
    )
