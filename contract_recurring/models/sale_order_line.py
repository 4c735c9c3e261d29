from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.recurrence import months_in_period

# What a contract took over when the quote was confirmed.
SOLD_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "recurring_rule_type",
    "recurring_interval",
    "plan_id",
    "activation_fee_billing",
    "service_address_id",
}


class SaleOrderLine(models.Model):
    """A line of a quote: charged once by the order, or by a contract."""

    _inherit = "sale.order.line"

    plan_id = fields.Many2one(
        "contract.template", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    plan_line_id = fields.Many2one(
        "contract.template.line", readonly=True, ondelete="set null"
    )
    recurring_rule_type = fields.Selection(
        lambda self: (
            self.env["contract.template"]
            ._fields["recurring_rule_type"]
            ._description_selection(self.env)
        ),
        string="Recurrence",
        compute="_compute_recurrence",
        store=True,
        readonly=False,
        precompute=True,
        help="How often a contract charges this line. Empty: once, by the order.",
    )
    recurring_interval = fields.Integer(
        string="Every",
        compute="_compute_recurrence",
        store=True,
        readonly=False,
        precompute=True,
        help="Number of days, weeks, months or years between two charges.",
    )
    activation_fee_billing = fields.Selection(
        [("first_invoice", "First invoice"), ("order", "Order")],
        string="Activation Fee Charged With",
        readonly=True,
        help="Set on the line of an activation fee.",
    )
    is_billed_by_contract = fields.Boolean(
        compute="_compute_is_billed_by_contract", store=True, precompute=True
    )
    service_address_id = fields.Many2one(
        "res.partner",
        compute="_compute_service_address_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Where a recurring service is delivered; each address gets a contract "
        "of its own.",
    )
    contract_line_id = fields.Many2one(
        "contract.line",
        string="Sold As",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _interval_positive = models.Constraint(
        "CHECK (recurring_rule_type IS NULL OR recurring_interval > 0)",
        "A recurring line needs a number of periods from 1 on.",
    )

    # === COMPUTES ===

    @api.depends("product_id")
    def _compute_recurrence(self):
        """Charge a recurring service monthly; a plan's lines follow the plan."""
        for line in self:
            if line.plan_line_id:
                line.recurring_rule_type = line.recurring_rule_type
                line.recurring_interval = line.recurring_interval
                continue
            recurs = line.product_id.is_recurring_service
            line.recurring_rule_type = "monthly" if recurs else False
            line.recurring_interval = 1

    @api.depends("recurring_rule_type", "activation_fee_billing")
    def _compute_is_billed_by_contract(self):
        """A contract in force has had its first invoice: a fee sold to it later is
        billed by the order."""
        for line in self:
            line.is_billed_by_contract = bool(
                line.recurring_rule_type
                or line.activation_fee_billing == "first_invoice"
                and not line.order_id.contract_id
            )

    @api.depends("order_id.partner_shipping_id")
    def _compute_service_address_id(self):
        for line in self:
            if line.state not in ("sale", "cancel"):
                line.service_address_id = line.order_id.partner_shipping_id

    @api.depends("is_billed_by_contract")
    def _compute_qty_to_invoice(self):
        """The contract bills these lines, never the order."""
        result = super()._compute_qty_to_invoice()
        self.filtered("is_billed_by_contract").qty_to_invoice = 0.0
        return result

    @api.depends("is_billed_by_contract")
    def _compute_invoice_status(self):
        result = super()._compute_invoice_status()
        for line in self.filtered("is_billed_by_contract"):
            line.invoice_status = "invoiced" if line.state == "sale" else "no"
        return result

    @api.depends("is_billed_by_contract")
    def _compute_untaxed_amount_to_invoice(self):
        result = super()._compute_untaxed_amount_to_invoice()
        self.filtered("is_billed_by_contract").untaxed_amount_to_invoice = 0.0
        return result

    @api.depends("is_billed_by_contract")
    def _compute_amount_to_invoice(self):
        result = super()._compute_amount_to_invoice()
        self.filtered("is_billed_by_contract").amount_to_invoice = 0.0
        return result

    def _compute_discount(self):
        """Keep the discount of the plan where the price list gives none."""
        result = super()._compute_discount()
        for line in self.filtered("plan_line_id"):
            line.discount = line.discount or line.plan_line_id.discount
        return result

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_not_sold()
        return lines

    def write(self, vals):
        if SOLD_FIELDS & vals.keys():
            self._check_not_sold()
        return super().write(vals)

    def _check_not_sold(self):
        """Raise for lines a contract took over, or should have."""
        sold = self.filtered(
            lambda line: line.state == "sale" and line.is_billed_by_contract
        )
        if sold:
            raise UserError(
                self.env._(
                    "%(order)s is confirmed and its contract made: “%(line)s” cannot "
                    "change here. Use “New Quote” on the contract.",
                    order=sold[0].order_id.name,
                    line=sold[0].name,
                )
            )

    # === PRICE ===

    def _get_pricelist_price(self):
        """Return the plan's price, less what the price list takes off it."""
        price = self._get_plan_price()
        if price is None:
            return super()._get_pricelist_price()
        rule = self.pricelist_item_id
        if rule.compute_price == "percentage":
            price *= 1 - rule.percent_price / 100
        return price

    def _get_pricelist_price_before_discount(self):
        price = self._get_plan_price()
        if price is None:
            return super()._get_pricelist_price_before_discount()
        return price

    def _get_plan_price(self):
        """Return what the plan asks for a unit, None where it has no price.

        In the currency and the unit of measure of this line.
        """
        self.ensure_one()
        if self.activation_fee_billing:
            price, company = self.plan_id.activation_fee, self.plan_id.company_id
        elif self.plan_line_id and not self.plan_line_id.automatic_price:
            plan_line = self.plan_line_id
            company = plan_line.company_id
            unit = plan_line.uom_id or self.product_id.uom_id
            price = unit._compute_price(plan_line.specific_price, self.product_uom_id)
        else:
            return None
        return company.currency_id._convert(
            price,
            self.currency_id or company.currency_id,
            company,
            self._get_order_date() or fields.Date.context_today(self),
            round=False,
        )

    # === INVOICE ===

    def _prepare_invoice_line(self, **optional_values):
        """Give the balance of what is not taxed: many orders are confirmed together."""
        values = super()._prepare_invoice_line(**optional_values)
        order = self.order_id
        is_sold_with_contract = order.contract_ids or order.contract_id
        if not is_sold_with_contract or self.display_type or self.is_downpayment:
            return values
        if self.tax_ids or self.product_id.type == "combo":
            return values
        return values | self.env["account.move.line"]._prepare_balance(
            values, order.company_id, order.currency_id
        )

    # === CONTRACT ===

    def _get_recurrence(self):
        """Return (rule, interval) of a recurring line."""
        self.ensure_one()
        return self.recurring_rule_type, self.recurring_interval

    def _get_monthly_total(self):
        """Return what the recurring line costs in a month, with taxes."""
        self.ensure_one()
        return self.price_total / months_in_period(
            self.recurring_rule_type, self.recurring_interval
        )

    def _get_price_after_discount(self):
        """Return what the line asks for, as the unit price counts taxes."""
        self.ensure_one()
        price = self.price_unit * (1 - self.discount / 100)
        return self.currency_id.round(self.product_uom_qty * price)

    def _prepare_contract_line(self, date_start):
        """Return the values of the contract line that charges this line."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.product_uom_qty,
            "uom_id": self.product_uom_id.id,
            "automatic_price": False,
            "specific_price": self.price_unit,
            "discount": self.discount,
            "recurring_rule_type": self.recurring_rule_type,
            "recurring_interval": self.recurring_interval,
            "date_start": date_start,
            "is_plan_line": bool(self.plan_line_id),
            "analytic_distribution": self.analytic_distribution,
        }

    def _count_sales(self):
        """Return how many times the plan of these lines was put on the quote."""
        planned = self.filtered("plan_line_id").grouped("plan_line_id")
        return max(map(len, planned.values()), default=1)

    def _tie_to(self, contract_lines):
        """Note which lines of contracts charge for these, one for each."""
        for line, sold in zip(self, contract_lines, strict=True):
            line.contract_line_id = sold
