from odoo import fields, models


class ContractCreditOutageLine(models.TransientModel):
    """What one contract would get for days without service, or why nothing."""

    _name = "contract.credit.outage.line"
    _description = "Preview of a Credit for Days Without Service"

    wizard_id = fields.Many2one(
        "contract.credit.outage", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(
        "contract.contract", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="contract_id.partner_id")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    days = fields.Integer()
    amount = fields.Monetary(
        string="Credit Now",
        help="For days billed already; days not billed yet are given back with the "
        "invoice that bills them.",
    )
    due_date = fields.Date(string="On the Invoice Due")
    message = fields.Char(string="Why Not")
