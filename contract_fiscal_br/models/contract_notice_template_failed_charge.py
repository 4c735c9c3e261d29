from odoo import fields, models

from .contract_notice_failed_charge import FAILED_CHARGE


class ContractNoticeTemplate(models.Model):
    """Texts may tell of a payment that was not made."""

    _inherit = "contract.notice.template"

    kind = fields.Selection(
        selection_add=[FAILED_CHARGE], ondelete={"charge_failed": "cascade"}
    )
