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
    boleto_in_mass = fields.Selection(
        [("yes", "Yes"), ("no", "No, only when asked for")],
        string="Boleto With the Invoice",
        help="Whether billing issues the boleto (boleto em massa). Empty: as the "
        "collection account says.",
    )
