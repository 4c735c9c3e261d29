from odoo import api, fields, models


class ContractEnterCharge(models.TransientModel):
    """Enters an amount by hand, owed or given back (*lançamento manual*)."""

    _name = "contract.enter.charge"
    _inherit = "contract.charging.wizard"
    _description = "Manual Charge on a Contract"

    description = fields.Char()
    amount = fields.Monetary(help="A negative amount is a credit.")
    product_id = fields.Many2one(
        "product.product",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Gives account and taxes; left empty, the product “Manual charge”.",
    )

    @api.depends("description", "amount", "product_id")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.description and self.amount and self.reason)

    def _apply(self, contract):
        return contract._charge_amount(
            self.description,
            self.amount,
            self.reason,
            fields.Date.context_today(self),
            product=self.product_id._origin,
            due_date=self._get_own_due_date(),
        )
