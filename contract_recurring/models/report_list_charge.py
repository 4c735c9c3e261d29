from odoo import models


class ReportListCharge(models.AbstractModel):
    """The composition of what is charged, on paper (S003-08)."""

    _name = "report.contract_recurring.list_charge"
    _description = "Printed List of Charges"
    _inherit = "contract.listing"

    _listed_model = "contract.charge"
    _listed_fields = (
        "contract_id",
        "partner_id",
        "kind",
        "label",
        "explanation_text",
        "due_date",
        "state",
        "amount",
    )
    _totals = ("amount",)
