from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    contract_payment_mode_id = fields.Many2one(
        "account.payment.mode",
        domain="[('payment_type', '=', 'inbound'), ('company_id', '=', id)]",
        help="For contracts whose plan has none.",
    )
