from odoo import api, fields, models


class SaleOrder(models.Model):
    """What a customer pays to accept a quote with plans: what is due by then.

    Contracts charge their periods after the activation; nothing of it is paid
    in advance. A quote without recurring lines is paid as everywhere in Odoo.
    """

    _inherit = "sale.order"

    due_now_total = fields.Monetary(
        string="Now",
        compute="_compute_due_now_total",
        help="What the order bills when it is confirmed, taxes included. The "
        "contracts charge the rest.",
    )
    due_later_once_total = fields.Monetary(
        string="With the First Invoice",
        compute="_compute_due_now_total",
        help="What the contract charges one time, with its first invoice.",
    )

    @api.depends("order_line.price_total", "order_line.is_billed_by_contract")
    def _compute_due_now_total(self):
        for order in self:
            billed_now = order.order_line.filtered(
                lambda line: not line.display_type and not line.is_billed_by_contract
            )
            order.due_now_total = order._get_total_of(billed_now)
            order.due_later_once_total = order.one_off_total - sum(
                billed_now.mapped("price_total")
            )

    def _get_total_of(self, lines):
        """Return what an invoice of some of the lines would ask for.

        Taxes are rounded as the company does, by line or by invoice.
        """
        self.ensure_one()
        taxes = self.env["account.tax"]
        bases = [line._prepare_base_line_for_taxes_computation() for line in lines]
        taxes._add_tax_details_in_base_lines(bases, self.company_id)
        taxes._round_base_lines_tax_details(bases, self.company_id)
        totals = taxes._get_tax_totals_summary(
            base_lines=bases,
            currency=self.currency_id or self.company_id.currency_id,
            company=self.company_id,
        )
        return totals["total_amount_currency"]

    def _get_amount_to_pay(self):
        """Return what can be paid on the order itself, in its currency."""
        self.ensure_one()
        return max(self.due_now_total, 0.0) if self.has_recurring else self.amount_total

    def _is_nothing_due_now(self):
        """Return whether the customer accepts a quote with plans without paying."""
        self.ensure_one()
        return self.has_recurring and self.currency_id.is_zero(
            self._get_amount_to_pay()
        )

    # === OVERRIDES OF SALE ===

    def _get_prepayment_required_amount(self):
        """Ask for a part of what is due now, never of the months to come."""
        if not self.has_recurring or not self.require_payment:
            return super()._get_prepayment_required_amount()
        return self.currency_id.round(
            self._get_amount_to_pay() * self.prepayment_percent
        )

    def _has_to_be_signed(self):
        """Let the customer accept by a signature where there is nothing to pay."""
        return super()._has_to_be_signed() or (
            self.require_payment
            and self._is_nothing_due_now()
            and self.state in ("draft", "sent")
            and not self.is_expired
            and not self.signature
        )

    def _is_paid(self):
        if not self.has_recurring:
            return super()._is_paid()
        return (
            self.currency_id.compare_amounts(
                self.amount_paid, self._get_amount_to_pay()
            )
            >= 0
        )

    def _get_default_payment_link_values(self):
        values = super()._get_default_payment_link_values()
        if not self.has_recurring:
            return values
        remaining = max(self._get_amount_to_pay() - self.amount_paid, 0.0)
        return values | {
            "amount": min(values["amount"], remaining),
            "amount_max": remaining,
        }

    # === INVOICES OF A PAYMENT ===

    def _force_lines_to_invoice_policy_order(self):
        """Leave to the contracts what they bill, whoever paid what."""
        result = super()._force_lines_to_invoice_policy_order()
        lines = self.order_line.filtered("is_billed_by_contract")
        lines.qty_to_invoice = 0.0
        return result

    def _generate_downpayment_invoices(self):
        """Ask for no down payment where the order has its invoice already."""
        billed = self.filtered(lambda order: order.has_recurring and order.invoice_ids)
        return super(SaleOrder, self - billed)._generate_downpayment_invoices()
