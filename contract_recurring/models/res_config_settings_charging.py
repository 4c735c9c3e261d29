from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contract_invoice_layout_id = fields.Many2one(
        related="company_id.contract_invoice_layout_id", readonly=False
    )
