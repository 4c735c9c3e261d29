from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractDunningRun(models.Model):
    """One day's steps of dunning for the contracts of a company."""

    _name = "contract.dunning.run"
    _description = "Dunning Run"
    _inherit = "contract.run.mixin"
    _order = "date desc, id desc"

    _channel = "root.dunning"
    _item_action = "contract_recurring.contract_dunning_run_item_action"
    _protected_fields = frozenset({"state", "date"})
    _step_groups = {
        "start": "contract_recurring.group_contract_billing",
        "cancel": "contract_recurring.group_contract_manager",
    }

    date = fields.Date(required=True, default=fields.Date.context_today)
    item_ids = fields.One2many("contract.dunning.run.item", "run_id", readonly=True)
    entry_ids = fields.One2many("contract.dunning.entry", "run_id", readonly=True)
    taken_count = fields.Integer(compute="_compute_entry_counts")
    held_count = fields.Integer(compute="_compute_entry_counts")

    _one_a_day = models.UniqueIndex(
        "(company_id, date) WHERE state <> 'cancelled'",
        "There is a dunning run of this day already.",
    )

    @api.depends("entry_ids.state")
    def _compute_entry_counts(self):
        rows = self.env["contract.dunning.entry"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run, state): count for run, state, count in rows}
        for run in self:
            run.taken_count = counts.get((run, "done"), 0)
            run.held_count = counts.get((run, "held"), 0)

    # === ACTIONS ===

    def action_start(self):
        """Take today's steps; pressed again, those that came due since."""
        self._check_step("start", ("draft", "done"))
        for run in self:
            if run.date > fields.Date.context_today(self):
                raise UserError(self.env._("The day of the run has not come yet."))
        for run in self.sudo():
            run._add_items()
            run._start(run._get_items("pending"))

    def action_cancel(self):
        """Give a run up that was not started."""
        self._check_step("cancel", ("draft",))
        self.sudo().state = "cancelled"

    def action_view_entries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_dunning_entry_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS ===

    def _add_items(self):
        """Write an item for each contract with a step due on the day of the run."""
        self.ensure_one()
        contracts = self.env["contract.contract"].sudo()
        due = contracts._get_due_steps(self.date, company=self.company_id)
        contract_ids = {debt.contract_id for debt, _steps in due}
        known = self.item_ids.grouped("contract_id")
        again = self.item_ids.filtered(
            lambda item: item.state == "done" and item.contract_id.id in contract_ids
        )
        again.write({"state": "pending"})
        known_ids = {contract.id for contract in known}
        self.env["contract.dunning.run.item"].create(
            [
                {"run_id": self.id, "contract_id": contract_id}
                for contract_id in sorted(contract_ids - known_ids)
            ]
        )

    # === CRONS ===

    @api.model
    def _cron_start_daily(self, today=None):
        """Start the run of the day of each company that has a policy.

        Days on which it did not run are caught up: a step that was not taken
        is due until it is.

        :param today: the day to run, each company's own where none is given
        """
        companies = self.env["res.company"].search([("active", "=", True)])
        for company in companies:
            day = today or company._get_local_date()
            run = self.search([("company_id", "=", company.id), ("date", "=", day)])
            if run or not company._has_dunning():
                continue
            run = self.create({"company_id": company.id, "date": day})
            run._add_items()
            run._start(run._get_items("pending"))
