from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_contract_alerted = fields.Boolean(
        related="company_id.is_contract_alerted", readonly=False
    )
    contract_alert_user_id = fields.Many2one(
        related="company_id.contract_alert_user_id", readonly=False
    )
    contract_rating_state = fields.Selection(
        related="company_id.contract_rating_state", readonly=False
    )
    contract_rating_every_days = fields.Integer(
        related="company_id.contract_rating_every_days", readonly=False
    )
