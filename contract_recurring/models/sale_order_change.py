from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class SaleOrder(models.Model):
    """A quote on a contract in force: more services, another plan, a renewal."""

    _inherit = "sale.order"

    contract_id = fields.Many2one(
        "contract.contract",
        string="Changes Contract",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    contract_change = fields.Selection(
        [
            ("upsell", "Additional services"),
            ("plan", "Plan change"),
            ("renewal", "Renewal"),
        ],
        string="Change",
        copy=False,
        readonly=True,
    )
    contract_change_date = fields.Date(
        string="Holds From",
        copy=False,
        help="First day on which the new services and prices hold.",
    )
    contract_change_preview = fields.Text(
        string="What Changes",
        compute="_compute_contract_change_preview",
        help="Credit, proportional charges and new monthly amount, calculated as the "
        "contract will.",
    )

    @api.depends(
        "contract_id",
        "contract_change",
        "contract_change_date",
        "order_line.price_unit",
        "order_line.product_uom_qty",
        "order_line.discount",
        "order_line.product_id",
        "order_line.recurring_rule_type",
        "order_line.recurring_interval",
        "state",
    )
    @api.depends_context("lang")
    def _compute_contract_change_preview(self):
        for order in self:
            is_open = order.state in ("draft", "sent") and order.contract_change_date
            order.contract_change_preview = (
                "\n".join(order._preview_change())
                if is_open and order.contract_id
                else False
            )

    # === PREVIEW ===

    def _preview_change(self):
        """Return, in words, what the change costs and from when on."""
        self.ensure_one()
        contract = self.contract_id.sudo()
        costs = self._get_change_costs()
        rows = []
        if costs["credit"]:
            rows.append(
                self.env._(
                    "Credit for what was charged ahead: %(amount)s",
                    amount=self._format_amount(costs["credit"]),
                )
            )
        rows += [
            self.env._(
                "%(due)s: %(product)s, %(start)s to %(end)s, %(amount)s",
                due=format_date(self.env, charge.due_date),
                product=line.name.splitlines()[0],
                start=format_date(self.env, charge.start),
                end=format_date(self.env, charge.end),
                amount=self._format_amount(float(charge.amount)),
            )
            for line, charge in costs["charges"]
        ]
        rows.append(
            self.env._(
                "Monthly amount of %(contract)s: %(after)s instead of %(before)s",
                contract=contract.code,
                after=self._format_amount(costs["monthly_after"]),
                before=self._format_amount(costs["monthly_before"]),
            )
        )
        if self.contract_change == "renewal" and self._get_new_loyalty_months():
            rows.append(
                self.env._(
                    "New loyalty term: %(months)s months from %(date)s",
                    months=self._get_new_loyalty_months(),
                    date=format_date(self.env, self.contract_change_date),
                )
            )
        return rows

    def _get_change_costs(self):
        """Return credit, charges and monthly amounts of the change.

        The charges are those due with the contract's next invoice, by the same
        calculation that will enter them: (contract line, PeriodCharge).
        """
        self.ensure_one()
        contract = self.contract_id.sudo()
        day = fields.Date.to_date(self.contract_change_date)
        ended = self._get_replaced_lines()
        lines = self.env["contract.line"].sudo()
        for line in self._get_recurring_lines():
            values = self._prepare_changed_line(line)
            lines += lines.new(values | {"contract_id": contract.id})
        before = contract._get_monthly_amount(day)
        gone = sum((ended & contract._lines_in_force(day)).mapped("monthly_recurring"))
        return {
            "credit": contract._preview_credit(ended, fields.Date.subtract(day, days=1))
            if ended
            else 0.0,
            "charges": [
                (line, charge) for line in lines for charge in line._get_added_charges()
            ],
            "monthly_before": before,
            "monthly_after": before - gone + sum(lines.mapped("monthly_recurring")),
        }

    def _get_replaced_lines(self):
        """Return the contract lines that end with the change."""
        contract = self.contract_id.sudo()
        if self.contract_change not in ("plan", "renewal"):
            return contract.contract_line_ids.browse()
        return contract._get_plan_lines(self.contract_change_date)

    def _prepare_changed_line(self, line):
        """Return the values of the contract line; what an upsell adds is a service,
        even if a plan offered it."""
        values = line._prepare_contract_line(self.contract_change_date)
        if self.contract_change == "upsell":
            values["is_plan_line"] = False
        return values

    def _get_new_loyalty_months(self):
        return self._get_sold_plan().loyalty_months

    def _get_sold_plan(self):
        """Return the plan on the quote, none or one."""
        return self._get_recurring_lines().plan_id

    def _format_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # === APPLYING ===

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        return message or self._get_sale_obstacle()

    def _get_sale_obstacle(self):
        """Return why the plans on the quote cannot be sold so, or False."""
        self.ensure_one()
        plans = self._get_recurring_lines().plan_id
        lonely = self.order_line.filtered(
            lambda line: line.activation_fee_billing and line.plan_id not in plans
        )
        if lonely and not self.contract_id:
            return self.env._(
                "“%(fee)s” is on the quote without its plan. Add the plan or remove "
                "the fee.",
                fee=lonely[0].name,
            )
        if self.contract_change in ("plan", "renewal") and len(plans) != 1:
            return self.env._("Leave exactly one plan on %(order)s.", order=self.name)
        renewed = self.contract_id.sudo().contract_template_id
        if self.contract_change == "renewal" and plans != renewed:
            return self.env._(
                "A renewal keeps the plan “%(plan)s”. Make a plan change instead.",
                plan=renewed.name,
            )
        if self.contract_id and not self.contract_change_date:
            return self.env._("Say from which day on the change holds.")
        return False

    def _apply_changes(self):
        """Change the contracts as quoted; each writes its event."""
        for order in self:
            contract = order.contract_id
            contract._lock_for_change()
            contract._check_active()
            order._apply_change(contract, order.contract_change_date)

    def _apply_change(self, contract, day):
        self.ensure_one()
        sold = self._get_recurring_lines()
        planned = sold.filtered("plan_line_id")
        if self.contract_change == "upsell":
            planned = planned.browse()
        if planned:
            self._apply_plan(contract, planned, day)
        services = sold - planned
        if services:
            values = [self._prepare_changed_line(line) for line in services]
            services._tie_to(contract._sell_services(values, day, self.name))

    def _apply_plan(self, contract, planned, day):
        """Change or renew the plan, and tie the quote's lines to what charges them."""
        before = contract.contract_line_ids
        values = [self._prepare_changed_line(line) for line in planned]
        if self.contract_change == "plan":
            contract._change_plan(planned.plan_id, day, self.name, values)
        else:
            months = self._get_new_loyalty_months()
            contract._renew_by_quote(values, day, months, self.name)
        new = contract.contract_line_ids - before
        # discounts begin anew with the plan they are given on
        planned._tie_to(new.filtered(lambda line: not line.discount_id).sorted("id"))
