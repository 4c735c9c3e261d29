from odoo import models


class ReportListNotice(models.AbstractModel):
    """The notices sent, on paper."""

    _name = "report.contract_recurring.list_notice"
    _description = "Printed List of Notices"
    _inherit = "contract.listing"

    _listed_model = "contract.notice"
    _listed_fields = (
        "date",
        "partner_id",
        "contract_id",
        "kind",
        "channel",
        "recipient",
        "state",
        "noticed_on",
    )
    _totals = ()
