from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    agreement_account_id = fields.Many2one(
        related="company_id.agreement_account_id", readonly=False
    )
    agreement_journal_id = fields.Many2one(
        related="company_id.agreement_journal_id", readonly=False
    )
    agreement_max_discount_percent = fields.Float(
        related="company_id.agreement_max_discount_percent", readonly=False
    )
    credit_listing_removal = fields.Selection(
        related="company_id.credit_listing_removal", readonly=False
    )
    agreement_break_days = fields.Integer(
        related="company_id.agreement_break_days", readonly=False
    )
