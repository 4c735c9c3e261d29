from odoo import models


class AccountMove(models.Model):
    """Invoices leave alone what is being paid back."""

    _inherit = "account.move"

    def _take_off(self, credit_notes):
        return super()._take_off(credit_notes - credit_notes._get_being_refunded())

    def _get_being_refunded(self):
        return self.line_ids._get_refunded().move_id
