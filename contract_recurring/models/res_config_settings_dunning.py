from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_policy_id = fields.Many2one(
        related="company_id.dunning_policy_id", readonly=False
    )
    is_due_notice_enabled = fields.Selection(
        related="company_id.is_due_notice_enabled", readonly=False
    )
    email_notice_days = fields.Char(
        related="company_id.email_notice_days", readonly=False
    )
    sms_notice_days = fields.Char(related="company_id.sms_notice_days", readonly=False)
    whatsapp_notice_days = fields.Char(
        related="company_id.whatsapp_notice_days", readonly=False
    )
