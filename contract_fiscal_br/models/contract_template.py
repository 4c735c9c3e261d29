from odoo import fields, models


class ContractTemplate(models.Model):
    """A plan may bring its way to be paid."""

    _inherit = "contract.template"

    payment_mode_id = fields.Many2one(
        "account.payment.mode",
        domain="[('payment_type', '=', 'inbound')]",
        check_company=True,
        help="For contracts of this plan that have none of their own.",
    )
