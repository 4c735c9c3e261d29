from odoo import fields, models


class ContractDebtAgreementOrigin(models.Model):
    """An invoice that an agreement cleared, and what was open on it then."""

    _name = "contract.debt.agreement.origin"
    _description = "Renegotiated Invoice"
    _order = "agreement_id, due_date, id"
    _rec_name = "move_id"

    agreement_id = fields.Many2one(
        "contract.debt.agreement", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, ondelete="restrict"
    )
    is_surcharge = fields.Boolean(
        string="Fine and Interest",
        help="Charges the fine and interest of the agreement itself.",
    )
    is_live = fields.Boolean(default=True)
    due_date = fields.Date(required=True)
    amount = fields.Monetary(string="Open", help="On the day of the agreement.")

    # No two agreements about one debt, whoever agrees at the same moment.
    _one_live_agreement = models.UniqueIndex(
        "(move_id) WHERE is_live",
        "An agreement about this invoice is in force already.",
    )
