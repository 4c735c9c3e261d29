from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.queue_job.delay import group
from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED

from ..tools.billing_calendar import ONE_DAY

# Items one job bills in one transaction: large enough to share queries, small
# enough to lose little when a worker dies.
BATCH_SIZE = 100

# Contracts a simulation holds in memory at once.
SIMULATION_SIZE = 500

# Jobs that queue_job will run, or start again, by itself.
LIVE_JOB_STATES = (PENDING, ENQUEUED, STARTED)

# How long a run waits for contracts that another run holds.
RETRY_DELAY_S = 30

# Amounts a run adds up from its items.
SUMS = ("amount", "recurring_amount", "billed_amount", "previous_amount")
NO_SUMS = (0.0,) * len(SUMS)

# Which group each step of a run needs (S000-14).
STEP_GROUPS = {
    "simulate": "contract_recurring.group_billing_run_simulate",
    "approve": "contract_recurring.group_billing_run_approve",
    "start": "contract_recurring.group_billing_run_start",
    "cancel": "contract_recurring.group_billing_run_cancel",
}

# Only the steps of a run write these.
PROTECTED_FIELDS = {"state", "approved_by_id"}
# What a run bills; fixed once somebody approved it.
SELECTION_FIELDS = {"date_from", "date_to", "plan_ids", "city_ids", "tag_ids"}


class ContractBillingRun(models.Model):
    """Bills what falls due in a span of days (*rodada de faturamento*).

    A run is simulated, approved, then processed in batches by jobs. Its items
    are persistent, so progress, retry and “what went wrong” are plain records.
    """

    _name = "contract.billing.run"
    _description = "Billing Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    name = fields.Char(
        required=True, copy=False, default=lambda self: self.env._("New")
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Due From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="Due Until",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    invoice_date = fields.Date(required=True, default=fields.Date.context_today)
    plan_ids = fields.Many2many("contract.template", string="Plans")
    city_ids = fields.Many2many("res.city", string="Cities")
    tag_ids = fields.Many2many("contract.tag", string="Tags")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("approved", "Approved"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    item_ids = fields.One2many("contract.billing.run.item", "run_id")
    charge_ids = fields.One2many("contract.charge", "run_id")

    item_count = fields.Integer(compute="_compute_progress")
    pending_count = fields.Integer(compute="_compute_progress")
    done_count = fields.Integer(compute="_compute_progress")
    failed_count = fields.Integer(compute="_compute_progress")
    progress_percent = fields.Float(string="Progress", compute="_compute_progress")
    amount = fields.Monetary(string="Simulated Amount", compute="_compute_totals")
    billed_amount = fields.Monetary(compute="_compute_totals")
    recurring_amount = fields.Monetary(
        string="Of It Recurring",
        compute="_compute_totals",
        help="What the periods cost, without fees charged once.",
    )
    previous_amount = fields.Monetary(
        string="Last Cycle",
        compute="_compute_totals",
        help="What a whole period of the same contracts, and of those now gone, cost "
        "when they were last billed.",
    )
    difference = fields.Monetary(compute="_compute_totals")
    difference_percent = fields.Float(compute="_compute_totals")
    new_count = fields.Integer(compute="_compute_flags")
    gone_count = fields.Integer(compute="_compute_flags")
    changed_count = fields.Integer(compute="_compute_flags")
    zero_count = fields.Integer(compute="_compute_flags")
    suspicious_count = fields.Integer(compute="_compute_flags")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last due date lies before the first one.",
    )

    # === COMPUTES ===

    @api.depends("date_from")
    def _compute_date_to(self):
        for run in self:
            if run.date_from:
                run.date_to = run.date_from + relativedelta(day=31)

    @api.depends("item_ids.state")
    def _compute_progress(self):
        counts = {
            (run.id, state): count
            for run, state, count in self.env["contract.billing.run.item"]._read_group(
                [("run_id", "in", self.ids), ("state", "!=", "gone")],
                ["run_id", "state"],
                ["__count"],
            )
        }
        for run in self:
            run.pending_count = counts.get((run.id, "pending"), 0)
            run.done_count = counts.get((run.id, "done"), 0)
            run.failed_count = counts.get((run.id, "failed"), 0)
            run.item_count = run.pending_count + run.done_count + run.failed_count
            worked = run.done_count + run.failed_count
            run.progress_percent = 100 * worked / run.item_count if worked else 0.0

    @api.depends(*(f"item_ids.{name}" for name in SUMS))
    def _compute_totals(self):
        totals = {
            run.id: sums
            for run, *sums in self.env["contract.billing.run.item"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id"],
                [f"{name}:sum" for name in SUMS],
            )
        }
        for run in self:
            run.update(dict(zip(SUMS, totals.get(run.id, NO_SUMS), strict=True)))
            run.difference = run.recurring_amount - run.previous_amount
            run.difference_percent = (
                run.difference / run.previous_amount if run.previous_amount else 0.0
            )

    @api.depends("item_ids.flag")
    def _compute_flags(self):
        counts = {
            (run.id, flag): count
            for run, flag, count in self.env["contract.billing.run.item"]._read_group(
                [("run_id", "in", self.ids)], ["run_id", "flag"], ["__count"]
            )
        }
        for run in self:
            for flag in ("new", "gone", "changed", "zero", "suspicious"):
                run[f"{flag}_count"] = counts.get((run.id, flag), 0)

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", self.env._("New")) == self.env._("New"):
                sequence = self.env["ir.sequence"].with_company(vals.get("company_id"))
                vals["name"] = sequence.next_by_code("contract.billing.run")
        return super().create(vals_list)

    def write(self, vals):
        if PROTECTED_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("A billing run changes its state by its buttons alone.")
            )
        if SELECTION_FIELDS & vals.keys() and self.filtered(
            lambda run: run.state not in ("draft", "simulated")
        ):
            raise UserError(
                self.env._("What an approved run bills can no longer be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.filtered(lambda run: run.state in ("running", "done")):
            raise UserError(
                self.env._("A run that has billed is kept: it explains its invoices.")
            )

    # === ACTIONS ===

    def action_simulate(self):
        """Choose the contracts and say what each will be billed."""
        self._check_step("simulate", ("draft", "simulated"))
        for run in self.sudo():
            run._simulate()
        return True

    def action_approve(self):
        self._check_step("approve", ("simulated",))
        for run in self:
            if not run.pending_count:
                raise UserError(self.env._("There is nothing to bill in %s.", run.name))
        self.sudo().write({"state": "approved", "approved_by_id": self.env.uid})

    def action_start(self):
        """Bill in the background, in batches."""
        self._check_step("start", ("approved",))
        self.sudo().state = "running"
        for run in self.sudo():
            run._enqueue(run._get_items("pending"))

    def action_retry(self):
        """Bill again only what failed."""
        self._check_step("start", ("done", "running"))
        for run in self.sudo():
            failed = run._get_items("failed")
            failed.write({"state": "pending", "message": False})
            run.state = "running"
            run._enqueue(failed)

    def action_cancel(self):
        """Stop a run; what it has billed stays billed."""
        self._check_step("cancel", ("draft", "simulated", "approved", "running"))
        self.sudo().state = "cancelled"

    def action_view_items(self):
        """Open the items, of one flag or state if the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_billing_run_item_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        chosen = self.env.context.get("items_filter")
        action["context"] = {f"search_default_{chosen}": 1} if chosen else {}
        return action

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("contract_charge_ids.run_id", "=", self.id)]
        return action

    def _check_step(self, step, states):
        """Raise unless the user may take the step and the run's state allows it."""
        if not self.env.su and not self.env.user.has_group(STEP_GROUPS[step]):
            raise UserError(
                self.env._("You may not do this. Ask a manager for the permission.")
            )
        for run in self:
            if run.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(run)s is “%(state)s”; somebody may have gone on with it. "
                        "Reload the page.",
                        run=run.name,
                        state=labels[run.state],
                    )
                )

    # === SELECTION AND SIMULATION ===

    def _get_contract_domain(self):
        """Return the contracts with something due, or overdue to be billed."""
        self.ensure_one()
        domain = self.env["contract.contract"]._get_billable_domain()
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= Domain("recurring_next_date", "<=", self.date_to) | Domain(
            "charge_ids",
            "any",
            [("state", "=", "pending"), ("due_date", "<=", self.date_to)],
        )
        for name, records in self._get_filters().items():
            domain &= Domain(name, "in", records.ids)
        return domain

    def _simulate(self):
        """Write one item for each contract to bill, with amount and difference."""
        self.ensure_one()
        self.item_ids.unlink()
        contracts = self.env["contract.contract"].search(
            self._get_contract_domain(), order="id"
        )
        items = self.env["contract.billing.run.item"]
        for ids in split_every(SIMULATION_SIZE, contracts.ids):
            items.create(items._prepare_items(self, contracts.browse(ids)))
            # What was read stays in memory otherwise, for every contract.
            self.env.invalidate_all()
        items.create(self._prepare_gone_items())
        self.state = "simulated"

    def _prepare_gone_items(self):
        """Return an item for each contract billed last cycle and not in this one."""
        self.ensure_one()
        start, end = self._get_previous_cycle()
        domain = Domain("due_date", ">=", start) & Domain("due_date", "<=", end)
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "=", "billed") & Domain("kind", "=", "recurring")
        domain &= Domain("contract_line_id.recurring_rule_type", "=", "monthly")
        domain &= Domain("contract_line_id.recurring_interval", "=", 1)
        for name, records in self._get_filters().items():
            domain &= Domain(f"contract_id.{name}", "in", records.ids)
        charges = self.env["contract.charge"]
        gone = charges._read_group(domain, ["contract_id"], ["amount:sum"])
        billed = charges.search_fetch(
            [
                ("contract_id", "in", [contract.id for contract, _amount in gone]),
                ("state", "!=", "cancelled"),
                ("due_date", ">=", self.date_from),
                ("due_date", "<=", self.date_to),
            ],
            ["contract_id"],
        )
        items = self.env["contract.billing.run.item"].search_fetch(
            [("run_id", "=", self.id)], ["contract_id"]
        )
        kept = items.contract_id | billed.contract_id
        return [
            {
                "run_id": self.id,
                "contract_id": contract.id,
                "state": "gone",
                "flag": "gone",
                "previous_amount": amount,
            }
            for contract, amount in gone
            if contract not in kept
        ]

    def _get_filters(self):
        """Return the filters somebody set, by field of the contract."""
        filters = {
            "contract_template_id": self.plan_ids,
            "city_id": self.city_ids,
            "tag_ids": self.tag_ids,
        }
        return {name: records for name, records in filters.items() if records}

    def _get_previous_cycle(self):
        """Return the due dates of the cycle before: a month, or as many days."""
        self.ensure_one()
        whole_month = self.date_from.day == 1 and self.date_to == (
            self.date_from + relativedelta(day=31)
        )
        end = self.date_from - ONE_DAY
        if whole_month:
            return end.replace(day=1), end
        return self.date_from - (self.date_to - self.date_from) - ONE_DAY, end

    # === PROCESSING ===

    def _get_items(self, state):
        return self.env["contract.billing.run.item"].search(
            [("run_id", "=", self.id), ("state", "=", state)], order="id"
        )

    def _enqueue(self, items, eta=None):
        """Hand the items to jobs in batches; the last one closes the run.

        :param eta: seconds to wait first
        """
        self.ensure_one()
        batches = [
            self.delayable(
                channel="root.billing",
                eta=eta,
                description=self.env._("Bill %(count)s contracts", count=len(ids)),
            )._process(list(ids))
            for ids in split_every(BATCH_SIZE, items.ids)
        ]
        finish = self.delayable(channel="root.billing")._finish()
        if batches:
            finish = group(*batches).on_done(finish)
        finish.delay()

    def _process(self, item_ids):
        """Bill some items; the body of a job. Safe to repeat."""
        self.ensure_one()
        if self.state != "running":
            return
        self.env["contract.billing.run.item"].browse(item_ids).sudo()._process()

    def _finish(self):
        """Close the run; what another run held meanwhile is tried again."""
        for run in self.sudo().filtered(lambda run: run.state == "running"):
            waiting = run._get_items("pending")
            if waiting:
                run._enqueue(waiting, eta=RETRY_DELAY_S)
            else:
                run.state = "done"

    # === CRONS ===

    @api.model
    def _cron_resume(self):
        """Take up the runs whose jobs ended before the run did.

        queue_job starts the job of a killed worker again. But it gives up on
        one that died too often; and a worker killed just after its last batch
        never wakes the job that closes the run.
        """
        jobs = self.env["queue.job"].search(
            [("model_name", "=", self._name), ("state", "in", LIVE_JOB_STATES)]
        )
        busy_ids = {run_id for job in jobs for run_id in job.records.ids}
        runs = self.search([("state", "=", "running"), ("id", "not in", busy_ids)])
        runs._finish()
