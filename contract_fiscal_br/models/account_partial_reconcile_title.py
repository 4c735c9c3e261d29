from odoo import models


class AccountPartialReconcile(models.Model):
    """A payment taken back, as when it bounced, lets the title be paid again."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        moves = self.debit_move_id.move_id
        result = super().unlink()
        moves.exists()._follow_titles_of(moves.exists())
        return result
