from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, split_every

from odoo.addons.queue_job.delay import group

from ..const import GENERATION_TYPE
from ..tools.price_adjustment import (
    MissingMonths,
    accumulated_factor,
    applied_factor,
    percent_factor,
)
from .contract_billing_run import LIVE_JOB_STATES, RETRY_DELAY_S, SIMULATION_SIZE

# Items one job adjusts, or notices one job sends, in one transaction.
BATCH_SIZE = 100

STEP_GROUPS = {
    "simulate": "contract_recurring.group_price_adjustment_simulate",
    "confirm": "contract_recurring.group_price_adjustment_confirm",
}

# Only the steps write these.
PROTECTED_FIELDS = {"state", "explanation", "confirmed_by_id", "noticed_on"}
# What is adjusted and how; another choice wants another simulation.
CHOICE_FIELDS = {
    "method",
    "index_id",
    "percent",
    "never_lower",
    "include_without_index",
    "month",
    "effective_from",
    "plan_ids",
    "city_ids",
    "anniversary_month",
    "company_id",
}
COUNTED_FLAGS = ("increase", "decrease", "unchanged", "too_early", "loyalty")
RUNNING = ("running", "undoing")


class ContractPriceAdjustment(models.Model):
    """Adjusts the prices of many contracts at once (*reajuste*).

    Simulated, announced, confirmed, then applied in batches by jobs. Nobody's
    price is adjusted within a year of the last time (Lei 10.192/2001, art. 2;
    Anatel, Res. 765/2023, art. 39).
    """

    _name = "contract.price.adjustment"
    _description = "Price Adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month desc, id desc"

    name = fields.Char(
        required=True, copy=False, default=lambda self: self.env._("New")
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    method = fields.Selection(
        [("index", "Index, 12 months"), ("percent", "Fixed percentage")],
        default="index",
        required=True,
    )
    index_id = fields.Many2one("contract.price.index", ondelete="restrict")
    percent = fields.Float(string="Percentage", digits=(16, 6))
    month = fields.Date(
        string="Month of Adjustment",
        required=True,
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
    plan_ids = fields.Many2many("contract.template", string="Plans")
    city_ids = fields.Many2many("res.city", string="Cities")
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
    notice_days = fields.Integer(
        string="Notice (Days)",
        default=30,
        help="Days between the notice to the customers and the new price. 0: no "
        "notice is asked for.",
    )
    notice_template_id = fields.Many2one(
        "mail.template",
        domain="[('model', '=', 'contract.price.adjustment.item')]",
        default=lambda self: self.env.ref(
            "contract_recurring.mail_template_price_notice", raise_if_not_found=False
        ),
    )
    noticed_on = fields.Date(string="Notices Sent On", readonly=True, copy=False)
    effective_from = fields.Date(
        string="New Prices From",
        required=True,
        compute="_compute_effective_from",
        store=True,
        readonly=False,
        precompute=True,
        help="Each contract changes with its first period that begins on or after "
        "this day and is not charged yet.",
    )
    explanation = fields.Json(
        readonly=True,
        copy=False,
        help="Method, index, months and factor that gave the new prices.",
    )
    explanation_text = fields.Char(
        string="Calculation", compute="_compute_explanation_text"
    )
    index_percent = fields.Float(
        string="Accumulated (%)", digits=(16, 4), compute="_compute_index_percent"
    )
    missing_months = fields.Char(compute="_compute_index_percent")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("running", "Running"),
            ("done", "Done"),
            ("undoing", "Being undone"),
            ("undone", "Undone"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    item_ids = fields.One2many("contract.price.adjustment.item", "adjustment_id")

    item_count = fields.Integer(string="Contracts", compute="_compute_progress")
    pending_count = fields.Integer(compute="_compute_progress")
    done_count = fields.Integer(compute="_compute_progress")
    failed_count = fields.Integer(compute="_compute_progress")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_progress")
    progress_percent = fields.Float(string="Progress", compute="_compute_progress")
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
    notice_count = fields.Integer(compute="_compute_notices")
    notice_failed_count = fields.Integer(compute="_compute_notices")

    _index_given = models.Constraint(
        "CHECK (method <> 'index' OR index_id IS NOT NULL)",
        "Choose the index to adjust by.",
    )
    _notice_days_positive = models.Constraint(
        "CHECK (notice_days >= 0)", "The days of notice cannot be negative."
    )
    _possible_percent = models.Constraint(
        "CHECK (percent > -100 AND percent < 1000)",
        "The percentage lies between -100 and 1000.",
    )

    # === COMPUTES ===

    @api.depends("notice_days")
    def _compute_effective_from(self):
        today = fields.Date.context_today(self)
        for adjustment in self:
            adjustment.effective_from = today + timedelta(days=adjustment.notice_days)

    @api.depends("method", "index_id", "month")
    def _compute_index_percent(self):
        for adjustment in self:
            adjustment.index_percent, adjustment.missing_months = 0.0, False
            if adjustment.method != "index" or not adjustment.index_id:
                continue
            try:
                factor = accumulated_factor(
                    adjustment.index_id._get_values(),
                    adjustment.month.replace(day=1),
                )
            except MissingMonths as error:
                adjustment.missing_months = str(error)
            else:
                adjustment.index_percent = float(100 * (factor - 1))

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for adjustment in self:
            adjustment.explanation_text = adjustment._explain()

    def _explain(self):
        """Return the calculation in words, False before a simulation."""
        explanation = self.explanation
        if not explanation:
            return False
        percent = 100 * (Decimal(explanation["factor"]) - 1)
        if explanation["rule"] == "percent":
            return self.env._("Fixed percentage of %s%%", self._format_percent(percent))
        months = explanation["months"]
        text = self.env._(
            "%(index)s from %(first)s to %(last)s: %(percent)s%%",
            index=explanation["index"],
            first=format_date(self.env, months[0]["month"], date_format="MM/yyyy"),
            last=format_date(self.env, months[-1]["month"], date_format="MM/yyyy"),
            percent=self._format_percent(percent),
        )
        if explanation["applied_factor"] != explanation["factor"]:
            text += " " + self.env._("(prices are never lowered: 0%)")
        return text

    @api.model
    def _format_percent(self, percent):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        text = f"{percent:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", lang.decimal_point or ".")

    @api.depends("item_ids.state")
    def _compute_progress(self):
        counts = self._count_items("state")
        for adjustment in self:

            def count(*states, of=adjustment):
                return sum(counts.get((of.id, state), 0) for state in states)

            adjustment.pending_count = count("pending")
            adjustment.done_count = count("done")
            adjustment.failed_count = count("failed")
            adjustment.left_out_count = count("left_out")
            adjustment.item_count = count(
                "pending", "done", "failed", "undoing", "undone"
            )
            waiting = count("pending", "undoing")
            worked = adjustment.item_count - waiting
            adjustment.progress_percent = (
                100 * worked / adjustment.item_count if worked else 0.0
            )

    @api.depends("item_ids.amount_before", "item_ids.amount_after", "item_ids.state")
    def _compute_totals(self):
        totals = {
            adjustment.id: sums
            for adjustment, *sums in self.env[
                "contract.price.adjustment.item"
            ]._read_group(
                [("adjustment_id", "in", self.ids), ("state", "!=", "left_out")],
                ["adjustment_id"],
                ["amount_before:sum", "amount_after:sum"],
            )
        }
        for adjustment in self:
            before, after = totals.get(adjustment.id, (0.0, 0.0))
            adjustment.amount_before = before
            adjustment.amount_after = after
            adjustment.difference = after - before
            adjustment.difference_percent = (after - before) / before if before else 0.0

    @api.depends("item_ids.flag")
    def _compute_flags(self):
        counts = self._count_items("flag")
        for adjustment in self:
            for flag in COUNTED_FLAGS:
                adjustment[f"{flag}_count"] = counts.get((adjustment.id, flag), 0)
            adjustment.other_count = sum(
                counts.get((adjustment.id, flag), 0)
                for flag in ("other_index", "no_index", "suspended", "no_price")
            )

    @api.depends("item_ids.notice_state")
    def _compute_notices(self):
        counts = self._count_items("notice_state")
        for adjustment in self:
            adjustment.notice_count = counts.get((adjustment.id, "sent"), 0)
            adjustment.notice_failed_count = counts.get((adjustment.id, "failed"), 0)

    def _count_items(self, name):
        return {
            (adjustment.id, value): count
            for adjustment, value, count in self.env[
                "contract.price.adjustment.item"
            ]._read_group(
                [("adjustment_id", "in", self.ids)],
                ["adjustment_id", name],
                ["__count"],
            )
        }

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", self.env._("New")) == self.env._("New"):
                sequence = self.env["ir.sequence"].with_company(vals.get("company_id"))
                vals["name"] = sequence.next_by_code("contract.price.adjustment")
        return super().create([self._keep_first_day(vals) for vals in vals_list])

    def write(self, vals):
        if PROTECTED_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("A price adjustment changes its state by its buttons alone.")
            )
        if CHOICE_FIELDS & vals.keys():
            self._check_choice_open()
        result = super().write(self._keep_first_day(vals))
        if CHOICE_FIELDS & vals.keys():
            self._drop_simulation()
        return result

    @api.model
    def _keep_first_day(self, vals):
        if not vals.get("month"):
            return vals
        return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}

    def _check_choice_open(self):
        if self.filtered(lambda a: a.state not in ("draft", "simulated")):
            raise UserError(
                self.env._("What a confirmed adjustment does can no longer be changed.")
            )
        if self.filtered("noticed_on"):
            raise UserError(
                self.env._(
                    "The customers have been told these prices. Cancel the adjustment "
                    "and make another one."
                )
            )

    def _drop_simulation(self):
        """Ask for another simulation: the numbers shown are of another choice."""
        simulated = self.filtered(lambda a: a.state == "simulated").sudo()
        simulated.item_ids.unlink()
        simulated.write({"state": "draft", "explanation": False})

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

    def action_simulate(self):
        """Say what each contract would cost, and which are left out and why."""
        self._check_step("simulate", ("draft", "simulated"))
        self._check_choice_open()
        for adjustment in self.sudo():
            adjustment._simulate()
        return True

    def action_send_notices(self):
        """Tell the customers their new prices, in the background."""
        self._check_step("confirm", ("simulated",))
        today = fields.Date.context_today(self)
        for adjustment in self.sudo():
            adjustment._check_items()
            if not adjustment.notice_template_id:
                raise UserError(self.env._("Choose the text of the notice first."))
            adjustment._check_effective_from(today)
            items = adjustment._get_items("pending").filtered(
                lambda item: item.notice_state != "sent"
            )
            items.write({"notice_state": "queued"})
            adjustment.noticed_on = today
            for batch in adjustment._delay_batches(items, "_send_notices"):
                batch.delay()

    def action_confirm(self):
        """Apply the new prices in the background, in batches."""
        self._check_step("confirm", ("simulated",))
        for adjustment in self:
            adjustment._check_items()
            adjustment._check_notice()
        adjustments = self.sudo()
        adjustments.write({"state": "running", "confirmed_by_id": self.env.uid})
        for adjustment in adjustments:
            adjustment._enqueue(adjustment._get_items("pending"))

    def action_retry(self):
        """Adjust again only what failed."""
        self._check_step("confirm", ("done", "running"))
        for adjustment in self.sudo():
            failed = adjustment._get_items("failed")
            failed.write({"state": "pending", "message": False})
            adjustment.state = "running"
            adjustment._enqueue(failed)

    def action_undo(self):
        """Give the old prices back wherever nothing was charged at the new ones."""
        self._check_step("confirm", ("done",))
        for adjustment in self.sudo():
            items = adjustment._get_items("done")
            items.write({"state": "undoing", "message": False})
            adjustment.state = "undoing"
            adjustment._enqueue(items)

    def action_cancel(self):
        """Give an adjustment up; what it has applied stays, and can be undone."""
        self._check_step("confirm", ("draft", "simulated"))
        self.sudo().state = "cancelled"

    def action_view_items(self):
        """Open the items, of one flag or state if the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_price_adjustment_item_action"
        )
        action["domain"] = [("adjustment_id", "=", self.id)]
        chosen = self.env.context.get("items_filter")
        action["context"] = {f"search_default_{chosen}": 1} if chosen else {}
        return action

    # === CHECKS ===

    def _check_step(self, step, states):
        """Raise unless the user may take the step and the state allows it."""
        if not self.env.su and not self.env.user.has_group(STEP_GROUPS[step]):
            raise UserError(
                self.env._("You may not do this. Ask a manager for the permission.")
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for adjustment in self:
            adjustment.sudo().lock_for_update(allow_referencing=True)
            if adjustment.state not in states:
                raise UserError(
                    self.env._(
                        "%(adjustment)s is “%(state)s”; somebody may have gone on "
                        "with it. Reload the page.",
                        adjustment=adjustment.name,
                        state=labels[adjustment.state],
                    )
                )

    def _check_items(self):
        self.ensure_one()
        if not self.pending_count:
            raise UserError(self.env._("There is no price to adjust in %s.", self.name))

    def _check_notice(self):
        """Raise unless the customers were told, and early enough."""
        self.ensure_one()
        if not self.notice_days:
            return
        if not self.noticed_on:
            raise UserError(
                self.env._(
                    "Send the notices first: the customers have %(days)s days' notice.",
                    days=self.notice_days,
                )
            )
        self._check_effective_from(self.noticed_on)

    def _check_effective_from(self, noticed_on):
        earliest = noticed_on + timedelta(days=self.notice_days)
        if self.effective_from < earliest:
            raise UserError(
                self.env._(
                    "With a notice of %(days)s days the new prices hold from %(day)s "
                    "at the earliest. Move the date and simulate again.",
                    days=self.notice_days,
                    day=format_date(self.env, earliest),
                )
            )

    # === SIMULATION ===

    def _get_contract_domain(self):
        """Return the contracts in force that the filters name."""
        self.ensure_one()
        domain = Domain("generation_type", "=", GENERATION_TYPE)
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= Domain("lifecycle_state", "in", ("active", "suspended"))
        if self.plan_ids:
            domain &= Domain("contract_template_id", "in", self.plan_ids.ids)
        if self.city_ids:
            domain &= Domain("city_id", "in", self.city_ids.ids)
        if self.anniversary_month:
            domain &= self.env["contract.contract"]._get_anniversary_domain(
                int(self.anniversary_month)
            )
        return domain

    def _simulate(self):
        """Write one item for each contract: prices before and after, or why not."""
        self.ensure_one()
        self.explanation = self._prepare_explanation()
        self.item_ids.unlink()
        contracts = self.env["contract.contract"].search(
            self._get_contract_domain(), order="id"
        )
        items = self.env["contract.price.adjustment.item"]
        for ids in split_every(SIMULATION_SIZE, contracts.ids):
            items.create(items._prepare_items(self, contracts.browse(ids)))
            self.env.flush_all()
            # What was read stays in memory otherwise, for every contract.
            self.env.invalidate_all()
        self.state = "simulated"

    def _prepare_explanation(self):
        """Return the calculation of the factor as data; numbers are text.

        :raise UserError: naming the months the index has no value for
        """
        self.ensure_one()
        if self.method == "percent":
            factor = percent_factor(Decimal(f"{self.percent:.6f}"))
            parts = {"rule": "percent"}
        else:
            factor, months = self.index_id._get_factor(self.month)
            parts = {
                "rule": "index",
                "index": self.index_id.code,
                "months": [
                    {"month": month.isoformat(), "percent": f"{percent:f}"}
                    for month, percent in months.items()
                ],
            }
        never_lower = self.never_lower and self.method == "index"
        return parts | {
            "factor": str(factor),
            "applied_factor": str(applied_factor(factor, never_lower)),
            "never_lower": never_lower,
        }

    # === PROCESSING ===

    def _get_items(self, *states):
        return self.env["contract.price.adjustment.item"].search(
            [("adjustment_id", "=", self.id), ("state", "in", states)], order="id"
        )

    def _delay_batches(self, items, method, eta=None):
        """Hand the items to jobs in batches; return those not yet started."""
        return [
            getattr(
                self.delayable(
                    channel="root.billing",
                    eta=eta,
                    description=self.env._(
                        "%(name)s: %(count)s contracts", name=self.name, count=len(ids)
                    ),
                ),
                method,
            )(list(ids))
            for ids in split_every(BATCH_SIZE, items.ids)
        ]

    def _enqueue(self, items, eta=None):
        """Let jobs apply or undo the items; the last one closes the adjustment.

        :param eta: seconds to wait first
        """
        self.ensure_one()
        batches = self._delay_batches(items, "_process", eta)
        finish = self.delayable(channel="root.billing")._finish()
        if batches:
            finish = group(*batches).on_done(finish)
        finish.delay()

    def _process(self, item_ids):
        """Apply or undo some items; the body of a job. Safe to repeat."""
        self.ensure_one()
        if self.state not in RUNNING:
            return
        items = self.env["contract.price.adjustment.item"].browse(item_ids).sudo()
        # The event tells the change; a message on each contract would say it again.
        items.with_context(tracking_disable=True)._process()

    def _send_notices(self, item_ids):
        """Send some notices; the body of a job. Safe to repeat."""
        self.ensure_one()
        items = self.env["contract.price.adjustment.item"].browse(item_ids)
        items.sudo()._send_notices()

    def _finish(self):
        """Close the adjustment; what was held elsewhere is tried again."""
        for adjustment in self.sudo().filtered(lambda a: a.state in RUNNING):
            waiting = adjustment._get_items("pending", "undoing")
            if waiting:
                adjustment._enqueue(waiting, eta=RETRY_DELAY_S)
            elif adjustment.state == "undoing" and not adjustment._get_items("done"):
                adjustment.state = "undone"
            else:
                adjustment.state = "done"

    @api.model
    def _cron_resume(self):
        """Take up the adjustments whose jobs ended before they did."""
        jobs = self.env["queue.job"].search(
            [("model_name", "=", self._name), ("state", "in", LIVE_JOB_STATES)]
        )
        busy_ids = {record_id for job in jobs for record_id in job.records.ids}
        idle = self.search([("state", "in", RUNNING), ("id", "not in", busy_ids)])
        idle._finish()
