from odoo import fields, models


class ContractTemplate(models.Model):
    """What a plan puts on a quote."""

    _inherit = "contract.template"

    activation_fee_billing = fields.Selection(
        [
            ("first_invoice", "With the contract's first invoice"),
            ("order", "With the order, at once"),
        ],
        string="Charge Activation Fee",
        default="first_invoice",
        required=True,
        help="When a plan sold by a quote charges its activation fee.",
    )

    def _prepare_contract(self):
        return super()._prepare_contract() | {
            "activation_fee_billing": self.activation_fee_billing
        }

    def _prepare_order_lines(self, with_fee=True):
        """Return the values of the quote lines that sell this plan.

        :param with_fee: also the activation fee, if the plan has one
        """
        self.ensure_one()
        products = self.contract_line_ids.filtered(lambda line: not line.display_type)
        lines = [line._prepare_order_line() for line in products]
        if with_fee and not self.company_id.currency_id.is_zero(self.activation_fee):
            lines.append(self._prepare_activation_fee_line())
        return lines

    def _prepare_activation_fee_line(self):
        return {
            "product_id": self.activation_product_id.id,
            "name": f"{self.activation_product_id.display_name}: {self.name}",
            "product_uom_qty": 1.0,
            "plan_id": self.id,
            "activation_fee_billing": self.activation_fee_billing,
        }
