from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import GENERATION_TYPE
from .contract_run_choice_mixin import ContractRunChoiceMixin

COUNTED_FLAGS = ("increase", "decrease", "unchanged", "too_early", "loyalty")
OTHER_FLAGS = ("other_index", "no_index", "suspended", "no_price")

CONFIRM_GROUP = "contract_recurring.group_price_adjustment_confirm"


class ContractPriceAdjustment(models.Model):
    """Adjusts the prices of many contracts at once (*reajuste*).

    Simulated, announced, confirmed, then applied in batches by jobs. Nobody's
    price is adjusted within a year of the last time (Lei 10.192/2001, art. 2;
    Anatel, Res. 765/2023, art. 39).
    """

    _name = "contract.price.adjustment"
    _description = "Price Adjustment"
    _inherit = ["contract.month.mixin", "contract.run.choice.mixin"]
    _order = "month desc, id desc"

    _item_action = "contract_recurring.contract_price_adjustment_item_action"
    _protected_fields = frozenset(
        {"state", "explanation", "confirmed_by_id", "noticed_on"}
    )
    _choice_fields = ContractRunChoiceMixin._choice_fields | {
        "method",
        "index_id",
        "percent",
        "never_lower",
        "include_without_index",
        "month",
        "effective_from",
        "anniversary_month",
    }
    _step_groups = {
        "simulate": "contract_recurring.group_price_adjustment_simulate",
        "notify": CONFIRM_GROUP,
        "start": CONFIRM_GROUP,
        "cancel": CONFIRM_GROUP,
        "undo": CONFIRM_GROUP,
    }

    method = fields.Selection(
        [("index", "Index, 12 months"), ("percent", "Fixed percentage")],
        default="index",
        required=True,
    )
    index_id = fields.Many2one("contract.price.index", ondelete="restrict")
    percent = fields.Float(string="Percentage", digits=(16, 6))
    month = fields.Date(
        string="Month of Adjustment",
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="The index accumulates over the twelve months before this one.",
    )
    never_lower = fields.Boolean(
        default=True,
        help="Where the index accumulates below zero, prices stay as they are.",
    )
    include_without_index = fields.Boolean(
        string="Also Without Index",
        help="Adjust the contracts that name no index too.",
    )
    anniversary_month = fields.Selection(
        [
            ("1", "January"),
            ("2", "February"),
            ("3", "March"),
            ("4", "April"),
            ("5", "May"),
            ("6", "June"),
            ("7", "July"),
            ("8", "August"),
            ("9", "September"),
            ("10", "October"),
            ("11", "November"),
            ("12", "December"),
        ],
        string="Anniversary In",
        help="Only contracts activated, or last adjusted, in this month of a year.",
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    item_ids = fields.One2many("contract.price.adjustment.item", "adjustment_id")

    item_count = fields.Integer(string="Contracts")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_flags")
    amount_before = fields.Monetary(
        string="MRR Before", compute="_compute_totals", help="Of what is adjusted."
    )
    amount_after = fields.Monetary(string="MRR After", compute="_compute_totals")
    difference = fields.Monetary(string="MRR Effect", compute="_compute_totals")
    difference_percent = fields.Float(compute="_compute_totals")
    increase_count = fields.Integer(compute="_compute_flags")
    decrease_count = fields.Integer(compute="_compute_flags")
    unchanged_count = fields.Integer(compute="_compute_flags")
    too_early_count = fields.Integer(compute="_compute_flags")
    loyalty_count = fields.Integer(compute="_compute_flags")
    other_count = fields.Integer(compute="_compute_flags")

    _possible_percent = models.Constraint(
        "CHECK (percent > -100 AND percent < 1000)",
        "The percentage lies between -100 and 1000.",
    )

    # === COMPUTES ===

    @api.depends("item_ids.amount_before", "item_ids.amount_after", "item_ids.state")
    def _compute_totals(self):
        sums = self._sum_items(
            ("amount_before", "amount_after"), [("state", "!=", "left_out")]
        )
        for adjustment in self:
            adjustment.update(sums[adjustment.id])
            before = adjustment.amount_before
            adjustment.difference = adjustment.amount_after - before
            adjustment.difference_percent = (
                adjustment.difference / before if before else 0.0
            )

    @api.depends("item_ids.flag", "item_ids.state")
    def _compute_flags(self):
        flags = self._count_items("flag")
        states = self._count_items("state")
        for adjustment in self:
            count = flags[adjustment.id]
            for flag in COUNTED_FLAGS:
                adjustment[f"{flag}_count"] = count[flag]
            adjustment.other_count = sum(count[flag] for flag in OTHER_FLAGS)
            adjustment.left_out_count = states[adjustment.id]["left_out"]

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.filtered(
            lambda a: a.noticed_on or a.state not in ("draft", "simulated", "cancelled")
        ):
            raise UserError(
                self.env._(
                    "An adjustment that was announced or applied is kept: it explains "
                    "the prices."
                )
            )

    # === ACTIONS ===

    def action_confirm(self):
        """Apply the new prices in the background, in batches."""
        self._check_step("start", ("simulated",))
        for adjustment in self:
            adjustment._check_items()
            adjustment._check_notice()
        for adjustment in self.sudo():
            adjustment.confirmed_by_id = self.env.uid
            adjustment._start(adjustment._get_items("pending"))

    def action_cancel(self):
        """Give an adjustment up; what it has applied stays, and can be undone."""
        self._check_step("cancel", ("draft", "simulated"))
        self.sudo().state = "cancelled"

    def _check_items(self):
        self.ensure_one()
        if not self.pending_count:
            raise UserError(self.env._("There is no price to adjust in %s.", self.name))

    # === SELECTION ===

    def _get_contract_domain(self):
        """Return the contracts in force that the filters name."""
        domain = super()._get_contract_domain()
        domain &= Domain("generation_type", "=", GENERATION_TYPE)
        domain &= Domain("lifecycle_state", "in", ("active", "suspended"))
        if self.anniversary_month:
            domain &= self.env["contract.contract"]._get_anniversary_domain(
                int(self.anniversary_month)
            )
        return domain

    # === PROCESSING ===

    def _process(self, item_ids):
        # The event tells the change; a message on each contract would say it again.
        return super(
            ContractPriceAdjustment, self.with_context(tracking_disable=True)
        )._process(item_ids)
