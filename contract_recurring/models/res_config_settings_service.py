from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contract_service_notice_channel = fields.Selection(
        related="company_id.contract_service_notice_channel", readonly=False
    )
    trust_unlock_days = fields.Integer(
        related="company_id.trust_unlock_days", readonly=False
    )
    trust_unlock_every_days = fields.Integer(
        related="company_id.trust_unlock_every_days", readonly=False
    )
    trust_unlock_min_age_days = fields.Integer(
        related="company_id.trust_unlock_min_age_days", readonly=False
    )
