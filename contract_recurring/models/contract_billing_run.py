from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.billing_calendar import ONE_DAY
from .contract_run_choice_mixin import ContractRunChoiceMixin

# Amounts a run adds up from its items.
SUMS = ("amount", "recurring_amount", "billed_amount", "previous_amount")


class ContractBillingRun(models.Model):
    """Bills what falls due in a span of days (*rodada de faturamento*).

    A run is simulated, approved, then processed in batches by jobs.
    """

    _name = "contract.billing.run"
    _description = "Billing Run"
    _inherit = "contract.run.choice.mixin"
    _order = "date_from desc, id desc"

    _item_action = "contract_recurring.contract_billing_run_item_action"
    _protected_fields = frozenset({"state", "approved_by_id"})
    _choice_fields = ContractRunChoiceMixin._choice_fields | {"date_from", "date_to"}
    _step_groups = {
        "simulate": "contract_recurring.group_billing_run_simulate",
        "approve": "contract_recurring.group_billing_run_approve",
        "start": "contract_recurring.group_billing_run_start",
        "cancel": "contract_recurring.group_billing_run_cancel",
    }

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
    state = fields.Selection(
        selection_add=[("simulated",), ("approved", "Approved"), ("running",)],
        ondelete={"approved": "cascade"},
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    item_ids = fields.One2many("contract.billing.run.item", "run_id")
    charge_ids = fields.One2many("contract.charge", "run_id")

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

    @api.depends(*(f"item_ids.{name}" for name in SUMS))
    def _compute_totals(self):
        sums = self._sum_items(SUMS)
        for run in self:
            run.update(sums[run.id])
            run.difference = run.recurring_amount - run.previous_amount
            run.difference_percent = (
                run.difference / run.previous_amount if run.previous_amount else 0.0
            )

    @api.depends("item_ids.flag")
    def _compute_flags(self):
        counts = self._count_items("flag")
        for run in self:
            for flag in ("new", "gone", "changed", "zero", "suspicious"):
                run[f"{flag}_count"] = counts[run.id][flag]

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.filtered(lambda run: run.state in ("running", "done")):
            raise UserError(
                self.env._("A run that has billed is kept: it explains its invoices.")
            )

    # === ACTIONS ===

    def action_approve(self):
        self._check_step("approve", ("simulated",))
        for run in self:
            if not run.pending_count:
                raise UserError(self.env._("There is nothing to bill in %s.", run.name))
        self.sudo().write({"state": "approved", "approved_by_id": self.env.uid})

    def action_start(self):
        """Bill in the background, in batches."""
        self._check_step("start", ("approved",))
        for run in self.sudo():
            run._start(run._get_items("pending"))

    def action_cancel(self):
        """Stop a run; what it has billed stays billed."""
        self._check_step("cancel", ("draft", "simulated", "approved", "running"))
        self.sudo().state = "cancelled"

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("contract_charge_ids.run_id", "=", self.id)]
        return action

    # === SELECTION AND SIMULATION ===

    def _get_contract_domain(self):
        """Return the contracts with something due, or overdue to be billed."""
        due = Domain("recurring_next_date", "<=", self.date_to) | Domain(
            "charge_ids",
            "any",
            [("state", "=", "pending"), ("due_date", "<=", self.date_to)],
        )
        billable = self.env["contract.contract"]._get_billable_domain()
        return super()._get_contract_domain() & billable & due

    def _simulate(self):
        """List what was billed last cycle and is gone, too."""
        result = super()._simulate()
        self._get_item_model().create(self._prepare_gone_items())
        return result

    def _prepare_gone_items(self):
        """Return an item for each contract billed last cycle and not in this one."""
        self.ensure_one()
        start, end = self._get_previous_cycle()
        domain = Domain("due_date", ">=", start) & Domain("due_date", "<=", end)
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "=", "billed") & Domain("kind", "=", "recurring")
        domain &= Domain("contract_line_id.recurring_rule_type", "=", "monthly")
        domain &= Domain("contract_line_id.recurring_interval", "=", 1)
        domain &= self._get_filter_domain("contract_id.")
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
