from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contract_payment_mode_id = fields.Many2one(
        related="company_id.contract_payment_mode_id",
        readonly=False,
        domain="[('payment_type', '=', 'inbound'), ('company_id', '=', company_id)]",
    )
