from odoo import fields, models


class ContractEvent(models.Model):
    """An agreement about what the contract owes, and what becomes of it."""

    _inherit = "contract.event"

    kind = fields.Selection(
        selection_add=[("agreement", "Agreement")],
        ondelete={"agreement": "cascade"},
    )
