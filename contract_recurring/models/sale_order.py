from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import format_amount


class SaleOrder(models.Model):
    """A quote that sells plans and recurring services beside one-off products."""

    _inherit = "sale.order"

    plan_id = fields.Many2one(
        "contract.template",
        string="Add Plan",
        store=False,
        domain="[('contract_type', '=', 'sale'), ('company_id', '=', company_id)]",
        help="Puts the products of a plan and its activation fee on the quote.",
    )
    has_recurring = fields.Boolean(compute="_compute_recurring_totals")
    one_off_total = fields.Monetary(
        string="Once",
        compute="_compute_recurring_totals",
        help="What is charged one time, taxes included.",
    )
    recurring_monthly_total = fields.Monetary(
        string="Per Month",
        compute="_compute_recurring_totals",
        help="What the recurring lines cost in a month, taxes included.",
    )
    recurring_summary = fields.Char(
        string="Recurring",
        compute="_compute_recurring_summary",
        help="What is charged each period, taxes included.",
    )
    contract_due_day = fields.Integer(
        string="Due Day",
        compute="_compute_contract_due_day",
        store=True,
        readonly=False,
        precompute=True,
        help="Day of the month on which the contract's invoices will be due.",
    )
    due_days_offered = fields.Char(compute="_compute_due_days_offered")
    contract_ids = fields.One2many(
        "contract.contract", "sale_order_id", string="Contracts", readonly=True
    )
    contract_count = fields.Integer(
        compute="_compute_contract_count", compute_sudo=True
    )

    # === COMPUTES ===

    @api.depends("order_line.price_total", "order_line.recurring_rule_type")
    def _compute_recurring_totals(self):
        for order in self:
            recurring = order._get_recurring_lines()
            once = order.order_line - recurring
            order.has_recurring = bool(recurring)
            order.one_off_total = sum(once.mapped("price_total"))
            order.recurring_monthly_total = sum(
                line._get_monthly_total() for line in recurring
            )

    @api.depends(
        "order_line.price_total",
        "order_line.recurring_rule_type",
        "order_line.recurring_interval",
    )
    @api.depends_context("lang")
    def _compute_recurring_summary(self):
        for order in self:
            order.recurring_summary = " + ".join(
                f"{format_amount(self.env, amount, order.currency_id)} {period}"
                for period, amount in order._get_recurring_totals()
            )

    @api.depends("order_line.plan_id")
    def _compute_contract_due_day(self):
        for order in self:
            offered = order._get_due_days()
            day = order.contract_due_day or order.company_id.contract_due_day
            if offered and day not in offered:
                day = offered[0]
            order.contract_due_day = day

    @api.depends("order_line.plan_id")
    def _compute_due_days_offered(self):
        for order in self:
            order.due_days_offered = ", ".join(map(str, order._get_due_days()))

    @api.depends("contract_ids", "contract_id")
    def _compute_contract_count(self):
        for order in self:
            order.contract_count = len(order.contract_ids | order.contract_id)

    @api.depends("order_line.is_billed_by_contract")
    def _compute_invoice_status(self):
        """An order whose lines are all billed by contracts has nothing to bill."""
        result = super()._compute_invoice_status()
        for order in self.filtered(lambda order: order.invoice_status == "invoiced"):
            lines = order.order_line.filtered(lambda line: not line.display_type)
            if all(lines.mapped("is_billed_by_contract")):
                order.invoice_status = "no"
        return result

    # === CONSTRAINTS AND ONCHANGES ===

    @api.constrains("contract_due_day", "order_line")
    def _check_contract_due_day(self):
        for order in self.filtered(lambda order: order._get_recurring_lines()):
            offered = order._get_due_days() or range(1, 32)
            if order.contract_due_day not in offered:
                raise ValidationError(
                    self.env._(
                        "Due day %(day)s is not offered. Choose one of: %(days)s.",
                        day=order.contract_due_day,
                        days=", ".join(map(str, offered)),
                    )
                )

    @api.onchange("plan_id")
    def _onchange_plan_id(self):
        if self.plan_id:
            self._add_plan(self.plan_id)
            self.plan_id = False

    @api.onchange("sale_order_template_id")
    def _onchange_sale_order_template_id(self):
        result = super()._onchange_sale_order_template_id()
        if plan := self.sale_order_template_id.plan_id:
            self._add_plan(plan)
        return result

    # === ACTIONS ===

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_contract_action"
        )
        contracts = self.contract_ids | self.contract_id
        action["domain"] = [("id", "in", contracts.ids)]
        action["context"] = {}
        if len(contracts) == 1:
            action |= {
                "res_id": contracts.id,
                "views": [(False, "form")],
                "view_mode": "form",
            }
        return action

    # === BUSINESS ===

    def _add_plan(self, plan, with_fee=True):
        """Put what a plan sells on the quote."""
        self.ensure_one()
        translated = plan.with_context(lang=self.partner_id.lang)
        self.order_line = [
            Command.create(values)
            for values in translated._prepare_order_lines(with_fee)
        ]

    def _get_recurring_lines(self):
        """Return the lines contracts will charge; optional ones not taken are out."""
        return self.order_line.filtered(
            lambda line: (
                line.recurring_rule_type
                and not line.display_type
                and line.product_uom_qty
            )
        )

    def _get_due_days(self):
        """Return the due days that all plans on the quote offer, [] for any."""
        self.ensure_one()
        offers = [set(plan._get_due_days()) for plan in self.order_line.plan_id]
        offers = [days for days in offers if days]
        return sorted(set.intersection(*offers)) if offers else []

    def _get_recurring_totals(self):
        """Return (period in words, total with taxes) of each recurrence."""
        self.ensure_one()
        groups = self._get_recurring_lines().grouped(
            lambda line: (line.recurring_rule_type, line.recurring_interval)
        )
        return [
            (self._describe_recurrence(*recurrence), sum(lines.mapped("price_total")))
            for recurrence, lines in groups.items()
        ]

    def _is_recurring_otherwise_than_monthly(self):
        """Return whether the price of a month is none of the totals shown."""
        self.ensure_one()
        recurrences = {line._get_recurrence() for line in self._get_recurring_lines()}
        return bool(recurrences) and recurrences != {("monthly", 1)}

    @api.model
    def _describe_recurrence(self, rule, interval):
        """Return “per month”, “every 2 weeks”, in the reader's language."""
        once = {
            "daily": self.env._("per day"),
            "weekly": self.env._("per week"),
            "monthly": self.env._("per month"),
            "monthlylastday": self.env._("per month"),
            "quarterly": self.env._("per quarter"),
            "semesterly": self.env._("per half-year"),
            "yearly": self.env._("per year"),
        }
        many = {
            "daily": self.env._("every %s days", interval),
            "weekly": self.env._("every %s weeks", interval),
            "monthly": self.env._("every %s months", interval),
            "monthlylastday": self.env._("every %s months", interval),
            "quarterly": self.env._("every %s quarters", interval),
            "semesterly": self.env._("every %s half-years", interval),
            "yearly": self.env._("every %s years", interval),
        }
        return once[rule] if interval == 1 else many[rule]
