from odoo import models


class ContractCharge(models.Model):
    """Fine and interest that the surplus of a payment pays need no title."""

    _inherit = "contract.charge"

    def _invoice_late(self, today):
        waiting = self.with_context(titles_wait_for_surplus=True)
        return super(ContractCharge, waiting)._invoice_late(today)
