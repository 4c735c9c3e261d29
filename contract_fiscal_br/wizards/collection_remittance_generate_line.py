from odoo import fields, models


class CollectionRemittanceGenerateLine(models.TransientModel):
    """What the next remittance of one account will hold."""

    _name = "collection.remittance.generate.line"
    _description = "Content of the Next Remittance"

    wizard_id = fields.Many2one("collection.remittance.generate", ondelete="cascade")
    account_id = fields.Many2one("collection.account", readonly=True)
    currency_id = fields.Many2one(related="account_id.company_id.currency_id")
    new_count = fields.Integer(string="New Titles", readonly=True)
    new_amount = fields.Monetary(string="Amount", readonly=True)
    change_count = fields.Integer(string="Changes", readonly=True)
    left_out_count = fields.Integer(string="Left Out", readonly=True)
