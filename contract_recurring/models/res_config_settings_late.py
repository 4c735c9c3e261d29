from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    late_fee_percent = fields.Float(
        related="company_id.late_fee_percent", readonly=False
    )
    late_interest_percent = fields.Float(
        related="company_id.late_interest_percent", readonly=False
    )
    late_charge_policy = fields.Selection(
        related="company_id.late_charge_policy", readonly=False
    )
    is_overdue_interest_included = fields.Boolean(
        related="company_id.is_overdue_interest_included", readonly=False
    )
    is_blocked_time_charged = fields.Boolean(
        related="company_id.is_blocked_time_charged", readonly=False
    )
