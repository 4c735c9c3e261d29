from odoo import models


class AccountMoveLine(models.Model):
    """An invoice settled by a credit note is not overdue any more either."""

    _inherit = "account.move.line"

    def _reconcile_post_hook(self, data):
        result = super()._reconcile_post_hook(data)
        # Odoo's own hook is called for payments alone
        data["not_paid_invoices"].filtered(
            lambda move: move.payment_state == "reversed"
        )._refresh_contract_service()
        return result
