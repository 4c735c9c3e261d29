from odoo import fields, models


class ContractTemplate(models.Model):
    """How the price of a plan's contracts is adjusted; each contract has a copy."""

    _inherit = "contract.template"

    price_index_id = fields.Many2one(
        "contract.price.index",
        help="Index the contract names for its yearly adjustment.",
    )
    is_price_fixed_in_loyalty = fields.Boolean(
        string="Fixed Price During Loyalty",
        help="Price adjustments leave the contract out until its loyalty term ends.",
    )

    def _prepare_contract(self):
        return super()._prepare_contract() | {
            "price_index_id": self.price_index_id.id,
            "is_price_fixed_in_loyalty": self.is_price_fixed_in_loyalty,
        }
