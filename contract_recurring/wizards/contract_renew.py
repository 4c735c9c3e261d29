from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools.billing_calendar import ONE_DAY
from ..tools.recurrence import months_in_period


class ContractRenew(models.TransientModel):
    """A new term as agreed with the customer, with another plan or price or not."""

    _name = "contract.renew"
    _inherit = "contract.change.wizard"
    _description = "Renew a Contract"

    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        default=None,
        help="First day of the new term.",
    )
    months = fields.Integer(
        string="Term (Months)",
        compute="_compute_months",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    end_date = fields.Date(string="Until", compute="_compute_end_date")
    term_end_date = fields.Date(
        string="Present Term Until", related="contract_id.term_end_date"
    )
    plan_id = fields.Many2one(
        "contract.template",
        string="New Plan",
        domain="[('contract_type', '=', 'sale'), ('company_id', '=', company_id),"
        " ('id', '!=', present_plan_id)]",
        help="Empty: the plan stays.",
    )
    present_plan_id = fields.Many2one(
        string="Present Plan", related="contract_id.contract_template_id"
    )
    is_price_new = fields.Boolean(
        string="Another Price", help="The price of the plan is agreed anew."
    )
    monthly_price = fields.Monetary(
        string="Plan per Month",
        compute="_compute_monthly_price",
        store=True,
        readonly=False,
        help="What the plan is to cost in a month, additional services left aside.",
    )
    is_loyalty_renewed = fields.Boolean(
        string="New Loyalty Term",
        help="Only if the customer agreed to it: leaving before the end of the new "
        "term then costs the loyalty penalty.",
    )

    # === COMPUTES ===

    @api.depends("contract_id")
    def _compute_date(self):
        """Follow the present term; where there is none, begin today."""
        today = fields.Date.context_today(self)
        for wizard in self:
            end = wizard.contract_id.term_end_date
            wizard.date = end + ONE_DAY if end and end >= today else today

    @api.depends("contract_id")
    def _compute_months(self):
        for wizard in self:
            contract = wizard.contract_id
            wizard.months = contract.renewal_months or contract.loyalty_months

    @api.depends("date", "months")
    def _compute_end_date(self):
        for wizard in self:
            wizard.end_date = (
                wizard.date + relativedelta(months=wizard.months) - ONE_DAY
                if wizard.date and wizard.months > 0
                else False
            )

    @api.depends("plan_id", "contract_id", "date")
    def _compute_monthly_price(self):
        """Offer the price of the new plan, or the present one."""
        for wizard in self:
            contract = wizard.contract_id
            lines = contract._lines_in_force(wizard.date or contract.date_start)
            lines = lines.filtered("is_plan_line")
            wizard.monthly_price = (
                wizard._get_plan_price()
                if wizard.plan_id
                else sum(lines.mapped("monthly_recurring"))
            )

    @api.depends(
        "months", "plan_id", "is_price_new", "monthly_price", "is_loyalty_renewed"
    )
    def _compute_preview(self):
        return super()._compute_preview()

    # === BUSINESS ===

    def _get_plan_price(self):
        """Return what the new plan costs in a month."""
        plan = self.plan_id
        return plan.plan_amount / months_in_period(
            plan.recurring_rule_type, plan.recurring_interval
        )

    def _apply(self, contract):
        plan = self.plan_id.with_env(contract.env)
        values = None
        if self.is_price_new:
            values = contract._prepare_plan_lines_at(
                self.monthly_price, self.date, plan
            )
        if plan:
            contract._change_plan(
                plan, self.date, reason=self.reason, line_values=values
            )
        contract._renew(
            self.date,
            self.months,
            is_loyalty_renewed=self.is_loyalty_renewed,
            reason=self.reason,
            is_agreed=True,
            line_values=None if plan else values,
        )
