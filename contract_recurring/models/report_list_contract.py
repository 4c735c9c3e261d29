from odoo import models


class ReportListContract(models.AbstractModel):
    """Contracts on paper (S000-13)."""

    _name = "report.contract_recurring.list_contract"
    _description = "Printed List of Contracts"
    _inherit = "contract.listing"

    _listed_model = "contract.contract"
    _listed_fields = (
        "code",
        "partner_id",
        "contract_template_id",
        "manual_state",
        "city_id",
        "user_id",
        "due_day",
        "recurring_next_date",
        "monthly_amount",
    )
    _totals = ("monthly_amount",)
