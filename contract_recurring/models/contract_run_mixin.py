from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import split_every

from odoo.addons.queue_job.delay import group
from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED

from ..permission import check_permission, lock_in_state

# Jobs that queue_job will run, or start again, by itself.
LIVE_JOB_STATES = (PENDING, ENQUEUED, STARTED)

# How long a run waits for what another one holds.
RETRY_DELAY_S = 30


class ContractRunMixin(models.AbstractModel):
    """Work on many items (*rodada*) that people start, watch and try again.

    The items are persistent (`contract.run.item.mixin`), so progress, retry and
    “what went wrong” are plain records. Jobs work on them in batches, each in a
    transaction of its own. A concrete run declares `item_ids`.
    """

    _name = "contract.run.mixin"
    _description = "Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    # Items of one job: enough to share queries, few enough to lose little when
    # a worker dies.
    _batch_size = 100
    _channel = "root.billing"
    # {step: group that may take it}; a retry needs the group of "start" (S000-14)
    _step_groups = {}
    # Fields only the steps write.
    _protected_fields = frozenset({"state"})
    # States in which jobs work on the items.
    _running_states = ("running",)
    # XML id of the window action that lists the items.
    _item_action = None

    name = fields.Char(
        required=True, copy=False, default=lambda self: self.env._("New")
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
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
    item_count = fields.Integer(compute="_compute_progress")
    pending_count = fields.Integer(compute="_compute_progress")
    done_count = fields.Integer(compute="_compute_progress")
    failed_count = fields.Integer(compute="_compute_progress")
    progress_percent = fields.Float(string="Progress", compute="_compute_progress")

    # === COMPUTES ===

    @api.depends("item_ids.state")
    def _compute_progress(self):
        counts = self._count_items("state")
        items = self._get_item_model()
        for run in self:
            count = counts[run.id]
            waiting = sum(count[state] for state in items._works)
            listed = sum(count[state] for state in items._listed_states)
            run.pending_count = count["pending"]
            run.done_count = count["done"]
            run.failed_count = count["failed"]
            run.item_count = count.total() - listed
            worked = run.item_count - waiting
            run.progress_percent = 100 * worked / run.item_count if worked else 0.0

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        """Number the runs by the sequence whose code is the name of the model."""
        new = self.env._("New")
        for vals in vals_list:
            self._check_protected(vals)
            if vals.get("name", new) == new:
                sequence = self.env["ir.sequence"].with_company(vals.get("company_id"))
                vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        result = super().write(vals)
        self.check_access("write")  # it may have gone to another company
        return result

    def _check_protected(self, vals):
        if self._protected_fields & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("Its state changes by the buttons of its screen alone.")
            )

    # === STEPS ===

    def _check_step(self, step, states):
        """Raise unless the user may take the step and each run's state allows it."""
        check_permission(self.env, self._step_groups[step])
        self.check_access("read")
        lock_in_state(self, states)

    def _start(self, items, state="running"):
        """Let jobs work on the items."""
        self.ensure_one()
        self.state = state
        self._enqueue(items)

    def action_retry(self):
        """Work again on what failed, and only that."""
        self._check_step("start", ("done", "running"))
        for run in self.sudo():
            failed = run._get_items("failed")
            failed.write({"state": "pending", "message": False})
            run._start(failed)

    def action_view_items(self):
        """Open the items, of one flag or state if the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._item_action)
        action["domain"] = [(self._fields["item_ids"].inverse_name, "=", self.id)]
        chosen = self.env.context.get("items_filter")
        action["context"] = {f"search_default_{chosen}": 1} if chosen else {}
        return action

    # === ITEMS ===

    @api.model
    def _get_item_model(self):
        return self.env[self._fields["item_ids"].comodel_name]

    def _get_items(self, *states):
        """Return the items in one of the states, oldest first."""
        inverse = self._fields["item_ids"].inverse_name
        return self._get_item_model().search(
            [(inverse, "in", self.ids), ("state", "in", states)], order="id"
        )

    def _count_items(self, name):
        """Return {run id: {value: number of items}} by the values of a field."""
        inverse = self._fields["item_ids"].inverse_name
        rows = self._get_item_model()._read_group(
            [(inverse, "in", self.ids)], [inverse, name], ["__count"]
        )
        counts = defaultdict(Counter)
        for run, value, count in rows:
            counts[run.id][value] = count
        return counts

    def _sum_items(self, names, domain=()):
        """Return {run id: {field: sum}} over the items that match."""
        inverse = self._fields["item_ids"].inverse_name
        rows = self._get_item_model()._read_group(
            [(inverse, "in", self.ids), *domain],
            [inverse],
            [f"{name}:sum" for name in names],
        )
        sums = defaultdict(lambda: dict.fromkeys(names, 0.0))
        for run, *values in rows:
            sums[run.id] = dict(zip(names, values, strict=True))
        return sums

    # === PROCESSING ===

    def _delay_batches(self, items, method, eta=None):
        """Hand the items to jobs in batches; return the jobs, not yet started.

        :param str method: the body of the job, given the ids of its items
        :param eta: seconds to wait first
        """
        self.ensure_one()
        batches = []
        for ids in self._cut_batches(items):
            description = self.env._(
                "%(name)s: %(count)s items", name=self.name, count=len(ids)
            )
            job = self.delayable(
                channel=self._channel, eta=eta, description=description
            )
            batches.append(getattr(job, method)(ids))
        return batches

    def _cut_batches(self, items):
        """Return the ids of the items of each batch."""
        return split_every(self._batch_size, items.ids, list)

    def _enqueue(self, items, eta=None):
        """Hand the items to jobs in batches; the last one closes the run."""
        batches = self._delay_batches(items, "_process", eta)
        finish = self.delayable(channel=self._channel)._finish()
        if batches:
            finish = group(*batches).on_done(finish)
        finish.delay()

    def _process(self, item_ids):
        """Work on some items; the body of a job. Safe to repeat."""
        self.ensure_one()
        if self.state in self._running_states:
            self._get_item_model().browse(item_ids).sudo()._process()

    def _finish(self):
        """Close the run; what was held elsewhere meanwhile is tried again."""
        for run in self.sudo().filtered(lambda run: run.state in run._running_states):
            waiting = run._get_items(*run._get_item_model()._works)
            if waiting:
                run._enqueue(waiting, eta=RETRY_DELAY_S)
            else:
                run.state = run._get_final_state()

    def _get_final_state(self):
        """Return the state of a run that has nothing left to do."""
        return "done"

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
        idle = self.search(
            [("state", "in", self._running_states), ("id", "not in", busy_ids)]
        )
        idle._finish()
