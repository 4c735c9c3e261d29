from odoo import fields, models


class ContractTemplateLine(models.Model):
    """A product of a plan and its price for one period."""

    _inherit = "contract.template.line"

    currency_id = fields.Many2one(related="company_id.currency_id")

    def _prepare_contract_line(self, date_start):
        """Return the values of the contract line this plan line becomes."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "display_type": self.display_type,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.quantity,
            "uom_id": self.uom_id.id,
            "automatic_price": self.automatic_price,
            "specific_price": self.specific_price,
            "discount": self.discount,
            "note_invoicing_mode": self.note_invoicing_mode,
            "recurring_rule_type": self.contract_id.recurring_rule_type,
            "recurring_interval": self.contract_id.recurring_interval,
            "date_start": date_start,
            "is_plan_line": True,
        }
