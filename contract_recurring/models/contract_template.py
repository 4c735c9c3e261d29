from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import GENERATION_TYPE
from ..tools.due_days import parse_due_days


class ContractTemplate(models.Model):
    """A sales plan (*plano de venda*): what a contract starts from.

    ``contract.contract`` inherits these fields by prototype, so a contract
    carries its own copy of each condition and a later change of the plan
    leaves it alone.
    """

    _inherit = "contract.template"
    _order = "sequence, name"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code = fields.Char(
        string="Offer Code",
        copy=False,
        help="Unique code of the offer, printed on contracts and bills and kept "
        "for three years after it was last sold (Anatel, Res. 765/2023).",
    )
    generation_type = fields.Selection(
        selection_add=[(GENERATION_TYPE, "Billing run")],
        ondelete={GENERATION_TYPE: "set default"},
    )
    due_days_offered = fields.Char(
        help="Days of the month a customer may choose, such as “5, 10, 15”. "
        "Empty: any day.",
    )
    period_anchor = fields.Selection(
        [
            ("due_day", "From due day to due day"),
            ("month", "Calendar month"),
            ("start", "From the day of activation"),
        ],
        string="Billing Period",
        default="due_day",
        required=True,
        help="Day of the month on which a period of use begins.",
    )
    reference_period = fields.Selection(
        [
            ("past", "Past: the period before the due date"),
            ("present", "Present: the period the due date is in"),
            ("future", "Future: the period after it"),
        ],
        default="present",
        required=True,
        help="Which period of use an invoice charges (competência).",
    )
    technology = fields.Selection(
        [
            ("fiber", "Fiber"),
            ("radio", "Radio"),
            ("cable", "Cable"),
            ("satellite", "Satellite"),
            ("other", "Other"),
        ],
        help="How the service reaches the customer. A tasting stays within it; "
        "another one is a migration.",
    )
    loyalty_months = fields.Integer(
        string="Loyalty (Months)",
        help="Months the customer commits to. At most 12 for consumers "
        "(Anatel, Res. 765/2023).",
    )
    activation_fee = fields.Monetary(currency_field="plan_currency_id")
    activation_product_id = fields.Many2one(
        "product.product",
        default=lambda self: self.env.ref(
            "contract_recurring.product_activation", raise_if_not_found=False
        ),
        help="Product that states the activation fee on the invoice.",
    )
    plan_currency_id = fields.Many2one(
        string="Plan Currency", related="company_id.currency_id"
    )
    plan_amount = fields.Monetary(
        compute="_compute_plan_amount",
        currency_field="plan_currency_id",
        help="Price of one period, before taxes added on top.",
    )
    contract_count = fields.Integer(compute="_compute_contract_count")

    _loyalty_not_negative = models.Constraint(
        "CHECK (loyalty_months >= 0)", "The loyalty term cannot be negative."
    )
    _activation_fee_not_negative = models.Constraint(
        "CHECK (activation_fee >= 0)", "The activation fee cannot be negative."
    )

    @api.model
    def _default_generation_type(self):
        if self.env.context.get("default_contract_type") == "purchase":
            return super()._default_generation_type()
        return GENERATION_TYPE

    @api.depends("contract_line_ids.price_subtotal")
    def _compute_plan_amount(self):
        for plan in self:
            plan.plan_amount = sum(plan.contract_line_ids.mapped("price_subtotal"))

    def _compute_contract_count(self):
        counts = dict(
            self.env["contract.contract"]._read_group(
                [("contract_template_id", "in", self.ids)],
                ["contract_template_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.contract_count = counts.get(plan._origin, 0)

    @api.depends("company_id")
    def _compute_journal_id(self):
        """Use the company's journal for contracts, if it has one."""
        chosen = self.filtered(
            lambda record: (
                record.contract_type == "sale" and record.company_id.contract_journal_id
            )
        )
        for record in chosen:
            record.journal_id = record.company_id.contract_journal_id
        return super(ContractTemplate, self - chosen)._compute_journal_id()

    @api.constrains("due_days_offered")
    def _check_due_days_offered(self):
        for plan in self:
            try:
                parse_due_days(plan.due_days_offered)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(word)s” is not a day of the month. Write days from 1 "
                        "to 31 with commas between them, such as “5, 10, 15”.",
                        word=error,
                    )
                ) from error

    @api.onchange("due_days_offered")
    def _onchange_due_days_offered(self):
        try:
            days = parse_due_days(self.due_days_offered)
        except ValueError:
            return  # the constraint says so when it is saved
        self.due_days_offered = ", ".join(map(str, days))

    # === ACTIONS ===

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_contract_action"
        )
        action["domain"] = [("contract_template_id", "=", self.id)]
        action["context"] = {"default_contract_template_id": self.id}
        return action

    # === BUSINESS ===

    def _get_due_days(self):
        """Return the due days offered, [] for any."""
        self.ensure_one()
        return parse_due_days(self.due_days_offered)

    def _prepare_contract(self):
        """Return the values a new contract takes over from this plan."""
        self.ensure_one()
        names = (
            "contract_type",
            "generation_type",
            "recurring_rule_type",
            "recurring_interval",
            "due_days_offered",
            "period_anchor",
            "reference_period",
            "loyalty_months",
            "technology",
            "activation_fee",
        )
        values = {name: self[name] for name in names}
        for name in ("journal_id", "pricelist_id", "activation_product_id"):
            if self[name]:
                values[name] = self[name].id
        return values | {"line_recurrence": True}

    def _prepare_contract_lines(self, date_start):
        """Return the values of the contract lines this plan sells."""
        self.ensure_one()
        return [
            line._prepare_contract_line(date_start) for line in self.contract_line_ids
        ]
