from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contract_journal_id = fields.Many2one(
        related="company_id.contract_journal_id", readonly=False
    )
    contract_due_day = fields.Integer(
        related="company_id.contract_due_day", readonly=False
    )
    contract_bonus_max_days = fields.Integer(
        related="company_id.contract_bonus_max_days", readonly=False
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    contract_address_fee = fields.Monetary(
        related="company_id.contract_address_fee",
        currency_field="company_currency_id",
        readonly=False,
    )
    contract_due_date_rule = fields.Selection(
        related="company_id.contract_due_date_rule", readonly=False
    )
