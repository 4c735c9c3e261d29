from odoo import fields, models


class SaleOrderTemplate(models.Model):
    """A quote template may sell a plan beside its own lines."""

    _inherit = "sale.order.template"

    plan_id = fields.Many2one(
        "contract.template",
        domain="[('contract_type', '=', 'sale'),"
        " ('company_id', 'in', (company_id, False))]",
        check_company=True,
        help="The quote also sells the products of this plan and its activation fee.",
    )
