from odoo import models


class AccountMoveLine(models.Model):
    """An agreement clears invoices without paying them."""

    _inherit = "account.move.line"

    def _is_payment_of_customer(self):
        """The agreement has charged fine and interest up to its day itself."""
        is_payment = super()._is_payment_of_customer()
        return is_payment and not self.move_id._is_agreement_clearing()

    def _reconcile_post_hook(self, data):
        result = super()._reconcile_post_hook(data)
        # Odoo's own hook is called for payments alone
        data["not_paid_invoices"].filtered(
            lambda move: move.payment_state == "reversed"
        )._follow_agreements()
        return result
