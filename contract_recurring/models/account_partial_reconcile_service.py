from odoo import models


class AccountPartialReconcile(models.Model):
    """A payment taken back, as when it bounced, opens its invoices again."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        moves.exists()._refresh_contract_service()
        return result
