from odoo import models


class AccountPartialReconcile(models.Model):
    """What no longer pays an invoice undoes its fine and interest."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        moves = self.debit_move_id.move_id
        result = super().unlink()
        moves.exists()._follow_late_payments()
        return result
