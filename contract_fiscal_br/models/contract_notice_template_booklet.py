from odoo import fields, models

from .contract_notice_booklet import BOOKLET


class ContractNoticeTemplate(models.Model):
    """Texts that go with a booklet."""

    _inherit = "contract.notice.template"

    kind = fields.Selection(selection_add=[BOOKLET], ondelete={"booklet": "cascade"})
