from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_contract_invoice_sent = fields.Boolean(
        related="company_id.is_contract_invoice_sent", readonly=False
    )
    contract_wait_days = fields.Integer(
        related="company_id.contract_wait_days", readonly=False
    )
    contract_invoice_channel = fields.Selection(
        related="company_id.contract_invoice_channel", readonly=False
    )
