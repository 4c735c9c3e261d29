from odoo import api, fields, models


class ContractEvent(models.Model):
    """A change of price names the adjustment that explains it."""

    _inherit = "contract.event"

    price_adjustment_id = fields.Many2one(
        "contract.price.adjustment", index="btree_not_null", ondelete="restrict"
    )

    @api.model
    def _prepare_consequence(self, values):
        return super()._prepare_consequence(values) | {
            "price_adjustment_id": values.get("price_adjustment_id", False)
        }
