from odoo import models


class ContractTemplateLine(models.Model):
    """What a product of a plan becomes on a quote."""

    _inherit = "contract.template.line"

    def _prepare_order_line(self):
        """Return the values of the quote line; its price follows this line."""
        self.ensure_one()
        plan = self.contract_id
        return {
            "product_id": self.product_id.id,
            "name": self.name,
            "product_uom_qty": self.quantity,
            "product_uom_id": (self.uom_id or self.product_id.uom_id).id,
            "discount": self.discount,
            "plan_id": plan.id,
            "plan_line_id": self.id,
            "recurring_rule_type": plan.recurring_rule_type,
            "recurring_interval": plan.recurring_interval,
        }
