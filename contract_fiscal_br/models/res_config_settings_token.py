from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    token_retry_days = fields.Char(
        related="company_id.token_retry_days", readonly=False
    )
