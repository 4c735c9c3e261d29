from odoo import api, fields, models


class ContractGiveDiscount(models.TransientModel):
    """A discount by value or percent, until a day or without end (S001-17)."""

    _name = "contract.give.discount"
    _inherit = "contract.change.wizard"
    _description = "Give a Discount on a Contract"

    kind = fields.Selection(
        [("percent", "Percent"), ("value", "Value")], default="percent", required=True
    )
    discount_percent = fields.Float(string="Percent", digits="Discount")
    amount = fields.Monetary(string="Value", help="Taken off each period.")
    date_to = fields.Date(string="Until", help="Empty: without end.")

    @api.depends("kind", "discount_percent", "amount", "date_to")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.amount if self.kind == "value" else self.discount_percent)

    def _apply(self, contract):
        is_value = self.kind == "value"
        contract._grant_discount(
            self.date,
            percent=None if is_value else self.discount_percent,
            amount=self.amount if is_value else None,
            date_to=self.date_to,
            reason=self.reason,
        )
