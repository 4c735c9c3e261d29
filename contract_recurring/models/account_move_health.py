from odoo import models


class AccountMove(models.Model):
    """A payment may make contracts healthy again."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._get_billed_contracts()._delay_refresh_health()
        return result
