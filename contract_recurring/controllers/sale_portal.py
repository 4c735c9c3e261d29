from odoo.addons.sale.controllers.portal import CustomerPortal


class SalePortal(CustomerPortal):
    """The page of a quote asks for what is due now, not for the months to come."""

    def _determine_is_down_payment(self, order_sudo, amount_selection, payment_amount):
        is_chosen = amount_selection in ("down_payment", "full_amount")
        if is_chosen or payment_amount is None or not order_sudo.has_recurring:
            return super()._determine_is_down_payment(
                order_sudo, amount_selection, payment_amount
            )
        return payment_amount < order_sudo._get_amount_to_pay()

    def _get_payment_values(
        self, order_sudo, is_down_payment=False, payment_amount=None, **kwargs
    ):
        """Hand core the amount as that of a payment link below the total."""
        due = order_sudo._get_amount_to_pay()
        if due >= order_sudo.amount_total:
            return super()._get_payment_values(
                order_sudo,
                is_down_payment=is_down_payment,
                payment_amount=payment_amount,
                **kwargs,
            )
        amount = self._get_amount(order_sudo, is_down_payment, payment_amount)
        values = super()._get_payment_values(
            order_sudo, is_down_payment=True, payment_amount=amount, **kwargs
        )
        return values | {"amount": amount, "payment_amount": payment_amount}

    def _get_amount(self, order_sudo, is_down_payment, payment_amount):
        """Return what a payment of the order with plans is to be.

        :param payment_amount: of the payment link, None without one
        """
        due = order_sudo._get_amount_to_pay()
        if is_down_payment and not payment_amount:
            return order_sudo._get_prepayment_required_amount()
        if is_down_payment or order_sudo.state == "sale":
            return min(payment_amount or due, due)
        return due
