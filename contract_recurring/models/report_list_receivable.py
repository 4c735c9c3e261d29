from odoo import models


class ReportListReceivable(models.AbstractModel):
    """What customers owe, and since when, on paper."""

    _name = "report.contract_recurring.list_receivable"
    _description = "Printed List of Receivables"
    _inherit = "contract.listing"

    _listed_model = "contract.receivable"
    _listed_fields = (
        "partner_id",
        "contract_id",
        "move_id",
        "due_date",
        "days_overdue",
        "age",
        "amount",
        "open_amount",
    )
    _totals = ("amount", "open_amount")
