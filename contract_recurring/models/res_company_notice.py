from odoo import fields, models


class ResCompany(models.Model):
    """How a company tells its customers things."""

    _inherit = "res.company"

    contract_whatsapp_account_ids = fields.One2many(
        "contract.whatsapp.account", "company_id", string="WhatsApp Account"
    )
    is_contract_invoice_sent = fields.Boolean(
        string="Send Invoices of Contracts",
        help="Each invoice goes to the customer by itself when it is billed.",
    )
    contract_invoice_channel = fields.Selection(
        [("email", "E-mail"), ("whatsapp", "WhatsApp"), ("sms", "SMS")],
        string="Channel of Invoices",
        default="email",
        required=True,
        help="Tried first; customers without address there get it another way.",
    )
