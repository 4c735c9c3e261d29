from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contract_suspension_min_days = fields.Integer(
        related="company_id.contract_suspension_min_days", readonly=False
    )
    contract_suspension_max_days = fields.Integer(
        related="company_id.contract_suspension_max_days", readonly=False
    )
    contract_suspension_interval_months = fields.Integer(
        related="company_id.contract_suspension_interval_months", readonly=False
    )
    contract_renewal_notice_days = fields.Integer(
        related="company_id.contract_renewal_notice_days", readonly=False
    )
