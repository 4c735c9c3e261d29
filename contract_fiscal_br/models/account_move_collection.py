from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices that banks collect, as their payments come in."""

    _inherit = "account.move"

    def action_pay_by_event(self):
        """Pay the invoice with the payment whose invoice is looked for."""
        self.ensure_one()
        self.check_access("read")
        event_id = self.env.context.get("collection_event_id")
        event = self.env["collection.event"].browse(event_id).exists()
        event._check_may_look()
        if not event:
            raise UserError(self.env._("Choose the payment first."))
        event._pay_invoice(self)
        return {"type": "ir.actions.act_window_close"}

    def _compute_payment_state(self):
        """Say *paid*, not *reversed*, where a bank paid what a credit note left.

        Odoo tells the two apart by payments and statement lines; a return file posts
        plain entries.
        """
        result = super()._compute_payment_state()
        reversed_moves = self.filtered(
            lambda move: move.payment_state == "reversed" and move.is_sale_document()
        )
        for move in reversed_moves:
            if move._is_paid_by_collection():
                move.payment_state = "paid"
        return result

    def _is_paid_by_collection(self):
        self.ensure_one()
        credits = self.line_ids.matched_credit_ids.credit_move_id
        return bool(credits.filtered("collection_event_id"))
