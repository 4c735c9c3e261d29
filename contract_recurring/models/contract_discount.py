from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.billing_calendar import ONE_DAY
from ..tools.discount_spans import Discount, discount_spans, join_spans


class ContractDiscount(models.Model):
    """A discount of a contract: what was agreed; its lines are its price by time."""

    _name = "contract.discount"
    _description = "Contract Discount"
    _order = "date_from, id"
    _rec_name = "reason"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(
        [("percent", "Percent"), ("value", "Value")], default="percent", required=True
    )
    discount_percent = fields.Float(string="Percent", digits="Discount")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    amount = fields.Monetary(string="Value", help="Taken off each period.")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", help="Empty: without end.")
    reason = fields.Char()
    is_withdrawn = fields.Boolean(
        string="Withdrawn",
        readonly=True,
        help="Ended before it began: nothing was taken off.",
    )
    line_ids = fields.One2many("contract.line", "discount_id", readonly=True)

    _percent_in_range = models.Constraint(
        "CHECK (discount_percent BETWEEN 0 AND 100)",
        "A discount lies between 0 and 100 percent.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The discount ends before it begins."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A discount is never deleted. End it instead."))

    # === BUSINESS ===

    def _get_label(self):
        """Return what the discount is called on the invoice."""
        self.ensure_one()
        if self.kind == "value":
            return self.env._("Discount")
        return self.env._("Discount of %(percent)g%%", percent=self.discount_percent)

    def _get_shared_label(self, product):
        """Return what its part of the discount is called beside other parts."""
        self.ensure_one()
        return self.env._(
            "%(discount)s: %(product)s",
            discount=self._get_label(),
            product=product.display_name,
        )

    def _is_in_force(self, day):
        """Return whether it reaches to a day or beyond."""
        self.ensure_one()
        return not self.is_withdrawn and (not self.date_to or self.date_to >= day)

    def _get_terms(self, start=None):
        """Return what was agreed as a pure value, from a day on if one is given."""
        self.ensure_one()
        is_value = self.kind == "value"
        return Discount(
            start=max(start or self.date_from, self.date_from),
            end=self.date_to or None,
            value=Decimal(str(self.amount)) if is_value else None,
            percent=None if is_value else Decimal(str(self.discount_percent)),
        )

    def _get_spans(self, start, prices):
        """Return what it takes off prices from a day on, after earlier discounts.

        :param prices: the `PricedSpan` of the lines
        """
        self.ensure_one()
        earlier = self.contract_id.discount_ids.filtered(
            lambda other: other.id < self.id and not other.is_withdrawn
        )
        return discount_spans(
            self._get_terms(start),
            prices,
            [other._get_terms() for other in earlier.sorted("id")],
            Decimal(str(self.currency_id.rounding)),
        )

    def _reprice(self, day):
        """Let the lines follow the prices of the contract from a day on."""
        self.ensure_one()
        start = max(day, self.date_from)
        wanted = self._get_spans(start, self.contract_id._get_discountable_spans())
        lines = self.line_ids.filtered(
            lambda line: (
                line._is_billable() and (not line.date_end or line.date_end >= start)
            )
        )
        if self._read_spans(lines, start) == wanted:
            return
        self.contract_id._end_lines(lines, start - ONE_DAY)
        is_shared = len({span.product for span in wanted}) > 1
        self.contract_id.write(
            {
                "contract_line_ids": [
                    fields.Command.create(self._prepare_line(span, is_shared))
                    for span in wanted
                ]
            }
        )

    @api.model
    def _read_spans(self, lines, start):
        """Return what the lines take off from a day on, as `_get_spans` does."""
        return join_spans(
            [
                replace(span, start=max(span.start, start))
                for span in lines._get_priced_spans()
            ]
        )

    def _prepare_line(self, span, is_shared=False):
        """Return the values of the contract line that takes off an amount.

        It is due with what it is taken off, also where that is billed ahead.

        :param is_shared: other products are discounted beside this one
        """
        contract = self.contract_id
        product = self.env.ref("contract_recurring.product_discount")
        customer = self.with_context(lang=contract.partner_id.lang)
        discounted = customer.env["product.product"].browse(span.product)
        label = (
            customer._get_shared_label(discounted)
            if is_shared
            else customer._get_label()
        )
        return {
            "sequence": 1000,
            "discount_id": self.id,
            "product_id": product.id,
            "discounted_product_id": span.product,
            "due_since": min(span.start, fields.Date.context_today(self)),
            "name": label,
            "quantity": 1.0,
            "uom_id": product.uom_id.id,
            "automatic_price": False,
            "specific_price": float(span.amount),
            "recurring_rule_type": contract.recurring_rule_type,
            "recurring_interval": contract.recurring_interval,
            "date_start": span.start,
            "date_end": span.end or False,
        }

    def _end(self, last_day):
        """End the discount on a day; what it took off later days is charged."""
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line._is_billable() and (line.date_end or date.max) > last_day
        )
        self.contract_id._end_lines(lines, last_day)
        if last_day < self.date_from:
            self.is_withdrawn = True
        else:
            self.date_to = last_day
