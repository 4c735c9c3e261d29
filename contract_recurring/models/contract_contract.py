from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..const import GENERATION_TYPE


class ContractContract(models.Model):
    """What a customer bought, on which conditions, and where it is delivered."""

    _inherit = "contract.contract"
    _rec_names_search = ["code", "name", "partner_id"]

    code = fields.Char(
        index="trigram",
        copy=False,
        default=lambda self: self.env._("New"),
        help="Number of the contract; left as it is, the next one is taken.",
    )
    name = fields.Char(string="Description", required=False)
    contract_template_id = fields.Many2one(
        string="Plan", index="btree_not_null", tracking=True
    )
    user_id = fields.Many2one(string="Salesperson", tracking=True)
    partner_id = fields.Many2one(index=True, tracking=True)
    # stored, so that amounts can be summed in groups and pivots
    currency_id = fields.Many2one(store=True)
    line_recurrence = fields.Boolean(default=True)
    due_day = fields.Integer(
        default=lambda self: self.env.company.contract_due_day,
        required=True,
        tracking=True,
        help="Day of the month on which invoices are due; in a shorter month, its "
        "last day.",
    )
    monthly_amount = fields.Monetary(
        compute="_compute_monthly_amount",
        inverse="_inverse_monthly_amount",
        store=True,
        readonly=False,
        # a copy's follows from its own lines
        copy=False,
        tracking=True,
        help="What the customer pays for a month (MRR). The plan fills it; another "
        "amount written here changes the price of the plan's main product.",
    )
    is_price_custom = fields.Boolean(
        string="Custom Price",
        compute="_compute_is_price_custom",
        help="The price of this contract differs from its plan's.",
    )
    contract_document_count = fields.Integer(
        string="Attachments", compute="_compute_contract_document_count"
    )

    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE generation_type = 'billing_run'",
        "There is a contract with this number already.",
    )
    _due_day_in_month = models.Constraint(
        "CHECK (due_day BETWEEN 1 AND 31)",
        "The due day must lie between 1 and 31.",
    )

    # === COMPUTES ===

    @api.depends("code", "name", "partner_id.name")
    def _compute_display_name(self):
        for contract in self:
            words = (contract.code, contract.partner_id.name or contract.name)
            contract.display_name = " · ".join(filter(None, words))

    @api.depends(
        "contract_line_ids.monthly_recurring",
        "contract_line_ids.is_canceled",
        "contract_line_ids.date_start",
        "contract_line_ids.date_end",
    )
    def _compute_monthly_amount(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.monthly_amount = sum(
                contract._lines_in_force(today).mapped("monthly_recurring")
            )

    def _inverse_monthly_amount(self):
        today = fields.Date.context_today(self)
        for contract in self:
            lines = contract._lines_in_force(today)
            difference = contract.monthly_amount - sum(
                lines.mapped("monthly_recurring")
            )
            if not contract.currency_id.is_zero(difference):
                contract._agree_on_price(contract._get_main_line(lines), difference)

    @api.depends("monthly_amount", "contract_template_id.plan_amount")
    def _compute_is_price_custom(self):
        for contract in self:
            plan = contract.contract_template_id
            lines = contract._get_last_plan_lines()
            price = sum(lines.mapped("price_subtotal"))
            contract.is_price_custom = bool(plan) and bool(
                contract.currency_id.compare_amounts(price, plan.plan_amount)
            )

    def _get_last_plan_lines(self):
        """Return the plan lines that no others follow: they go on the longest."""
        self.ensure_one()
        lines = self.contract_line_ids.filtered(
            lambda line: line.is_plan_line and line._is_billable()
        )
        ends = lines.mapped("date_end")
        last_end = max(ends, default=False) if all(ends) else False
        return lines.filtered(lambda line: line.date_end == last_end)

    def _compute_contract_document_count(self):
        counts = dict(
            self.env["ir.attachment"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for contract in self:
            contract.contract_document_count = counts.get(contract.id, 0)

    # === CONSTRAINTS AND ONCHANGES ===

    @api.constrains("due_day", "due_days_offered")
    def _check_due_day_offered(self):
        for contract in self:
            offered = contract._get_due_days()
            if offered and contract.due_day not in offered:
                raise ValidationError(
                    self.env._(
                        "Due day %(day)s is not offered with this plan. Choose one "
                        "of: %(days)s.",
                        day=contract.due_day,
                        days=", ".join(map(str, offered)),
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_contract_dates(self):
        for contract in self:
            start, end = contract.date_start, contract.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The contract ends on %(end)s, before it starts on %(start)s.",
                        end=end.strftime("%d/%m/%Y"),
                        start=start.strftime("%d/%m/%Y"),
                    )
                )

    @api.onchange("contract_template_id")
    def _onchange_contract_template_id(self):
        """Fill the contract from the plan; another plan replaces what it filled."""
        plan = self.contract_template_id
        if self.generation_type != GENERATION_TYPE:
            return super()._onchange_contract_template_id()
        self.update(plan._prepare_contract() if plan else {})
        self.name = plan.name
        days = plan._get_due_days() if plan else []
        if days and self.due_day not in days:
            self.due_day = days[0]
        start = self.date_start or fields.Date.context_today(self)
        self.contract_line_ids -= self.contract_line_ids.filtered("is_plan_line")
        for values in plan._prepare_contract_lines(start) if plan else []:
            self.contract_line_ids += self.env["contract.line"].new(values)

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("code") or vals["code"] == self.env._("New"):
                company_id = vals.get("company_id", self.env.company.id)
                sequence = self.env["ir.sequence"].with_company(company_id)
                vals["code"] = sequence.next_by_code("contract.contract")
        contracts = super().create(vals_list)
        contracts._set_fiscal_position()
        return contracts

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        charged = self.env["contract.charge"].search(
            [("contract_id", "in", self.ids)], limit=1
        )
        if charged:
            raise UserError(
                self.env._(
                    "%(contract)s has charges and cannot be deleted. Close it instead.",
                    contract=charged.contract_id.display_name,
                )
            )

    # === ACTIONS ===

    def action_view_documents(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Attachments"),
            "res_model": "ir.attachment",
            "view_mode": "kanban,list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
            },
        }

    def action_view_partner(self):
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === BUSINESS ===

    @api.model
    def _prepare_from_plan(self, plan, partner, date_start, **values):
        """Return the values of a contract of that plan for a customer.

        :param values: fields that differ from what the plan gives
        """
        days = plan._get_due_days()
        return {
            **plan._prepare_contract(),
            "name": plan.name,
            "company_id": plan.company_id.id,
            "contract_template_id": plan.id,
            "partner_id": partner.id,
            "date": date_start,
            "date_start": date_start,
            "due_day": days[0] if days else plan.company_id.contract_due_day,
            "contract_line_ids": [
                fields.Command.create(line)
                for line in plan._prepare_contract_lines(date_start)
            ],
            **values,
        }

    def _lines_in_force(self, day):
        """Return the lines that charge for a day; before they begin, the first."""
        lines = self.contract_line_ids.filtered(
            lambda line: line._is_billable() and not line.is_suspension_fee
        )
        current = lines.filtered(
            lambda line: (
                (not line.date_start or line.date_start <= day)
                and (not line.date_end or line.date_end >= day)
            )
        )
        upcoming = lines.filtered(
            lambda line: line.date_start and line.date_start > day
        )
        if current or not upcoming:
            return current
        first_day = min(upcoming.mapped("date_start"))
        return upcoming.filtered(lambda line: line.date_start == first_day)

    @api.model
    def _cron_refresh_monthly_amount(self, days=7):
        """Follow lines that began or ended by time; nobody wrote anything then.

        :param days: how far to look back, should the cron have been stopped
        """
        today = fields.Date.context_today(self)
        since = today - timedelta(days=days)
        lines = self.env["contract.line"].search(
            [
                "|",
                "&",
                ("date_start", ">=", since),
                ("date_start", "<=", today),
                "&",
                ("date_end", ">=", since),
                ("date_end", "<", today),
            ]
        )
        contracts = lines.contract_id
        self.env.add_to_compute(self._fields["monthly_amount"], contracts)
        contracts.flush_recordset(["monthly_amount"])

    def _get_main_line(self, lines):
        """Return the line that takes a change of the contract's amount."""
        self.ensure_one()
        if not lines:
            raise UserError(
                self.env._("Choose a plan or add a product before changing the amount.")
            )
        return max(lines, key=lambda line: (line.is_plan_line, line.monthly_recurring))

    def _set_fiscal_position(self):
        """Take the fiscal position of the customer where none was given."""
        positions = self.env["account.fiscal.position"]
        for contract in self.filtered(lambda c: not c.fiscal_position_id):
            contract.fiscal_position_id = positions.with_company(
                contract.company_id
            )._get_fiscal_position(contract.partner_id.commercial_partner_id)

    def _get_related_invoices(self):
        """Add the invoices that bill charges without a line (one-off events)."""
        moves = self.env["contract.charge"]._read_group(
            Domain("contract_id", "=", self.id) & Domain("move_id", "!=", False),
            aggregates=["move_id:recordset"],
        )[0][0]
        return super()._get_related_invoices() | moves
