from odoo import fields, models


class ContractEvent(models.Model):
    """A change of price names the adjustment that explains it."""

    _inherit = "contract.event"

    price_adjustment_id = fields.Many2one(
        "contract.price.adjustment", index="btree_not_null", ondelete="restrict"
    )
