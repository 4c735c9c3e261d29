from odoo import models
from odoo.fields import Command


class PaymentTransaction(models.Model):
    """An online payment of a quote with plans settles the invoice of its order."""

    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        confirmed = super()._check_amount_and_confirm_order()
        self._link_invoices_of_plans()
        return confirmed

    def _invoice_sale_orders(self):
        """Keep the invoice made at the confirmation, which Odoo would let go of."""
        result = super()._invoice_sale_orders()
        self._link_invoices_of_plans()
        return result

    def _link_invoices_of_plans(self):
        """Note the open invoices the payment is for; Odoo then reconciles them."""
        for transaction in self:
            orders = transaction.sale_order_ids.filtered("has_recurring")
            invoices = orders.invoice_ids.filtered(
                lambda move: (
                    move.move_type == "out_invoice"
                    and move.state != "cancel"
                    and move.payment_state in ("not_paid", "partial")
                )
            )
            transaction.invoice_ids = [Command.link(move.id) for move in invoices]
