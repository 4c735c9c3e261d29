from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

from ..const import PERIOD_KINDS, SUSPICIOUS_CHANGE_PERCENT


class ContractBillingRunItem(models.Model):
    """One contract in a billing run: what it will be, or was, billed."""

    _name = "contract.billing.run.item"
    _description = "Billing Run Item"
    _inherit = "contract.run.item.mixin"
    _order = "run_id desc, id"
    _rec_name = "contract_id"

    _works = {"pending": "_bill"}
    _listed_states = ("gone",)

    run_id = fields.Many2one(
        "contract.billing.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="contract_id.partner_id")
    plan_id = fields.Many2one(related="contract_id.contract_template_id", string="Plan")
    due_date = fields.Date(help="First due date among the contract's charges.")
    state = fields.Selection(
        selection_add=[
            ("pending", "To bill"),
            ("done", "Billed"),
            ("failed",),
            ("gone", "Not due"),
        ],
        ondelete={"gone": "cascade"},
    )
    flag = fields.Selection(
        [
            ("same", "As before"),
            ("new", "New"),
            ("gone", "Gone"),
            ("changed", "Changed"),
            ("zero", "Zero"),
            ("suspicious", "Suspicious"),
        ],
        string="Against Last Cycle",
        default="same",
        required=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(help="What the simulation found due.")
    billed_amount = fields.Monetary(readonly=True)
    recurring_amount = fields.Monetary(
        string="Of It Recurring",
        help="What the periods cost, without fees charged once.",
    )
    previous_amount = fields.Monetary(
        string="Last Cycle", help="What a whole period cost when it was last billed."
    )
    difference = fields.Monetary(
        compute="_compute_difference", store=True, precompute=True
    )
    move_ids = fields.Many2many("account.move", compute="_compute_move_ids")
    move_count = fields.Integer(compute="_compute_move_ids")

    _one_item_per_contract = models.UniqueIndex(
        "(run_id, contract_id)", "A contract is billed once in a run."
    )
    _state_of_run = models.Index("(run_id, state)")

    # === COMPUTES ===

    @api.depends("recurring_amount", "previous_amount")
    def _compute_difference(self):
        for item in self:
            item.difference = item.recurring_amount - item.previous_amount

    def _compute_move_ids(self):
        rows = self.env["contract.charge"]._read_group(
            [
                ("run_id", "in", self.run_id.ids),
                ("contract_id", "in", self.contract_id.ids),
                ("move_id", "!=", False),
            ],
            ["run_id", "contract_id"],
            ["move_id:recordset"],
        )
        moves = {(run, contract): bills for run, contract, bills in rows}
        for item in self:
            item.move_ids = moves.get((item.run_id, item.contract_id))
            item.move_count = len(item.move_ids)

    # === ACTIONS ===

    def action_open_contract(self):
        self.ensure_one()
        return self.contract_id.get_formview_action()

    def action_open_moves(self):
        self.ensure_one()
        if len(self.move_ids) == 1:
            return self.move_ids.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.move_ids.ids)]
        return action

    # === SIMULATION ===

    @api.model
    def _prepare_items(self, run, contracts):
        """Return the values of one item for each contract with something due."""
        prepared = contracts._prepare_charges(run.date_from, run.date_to)
        pending = contracts._search_pending_charges(run.date_to).grouped("contract_id")
        previous = contracts._get_previous_prices(run.date_from)
        none = self.env["contract.charge"]
        return [
            self._prepare_item(
                run,
                contract,
                prepared[contract],
                pending.get(contract, none),
                previous.get(contract),
            )
            for contract in contracts
            if prepared[contract] or contract in pending
        ]

    @api.model
    def _prepare_item(self, run, contract, drafts, charges, previous):
        """Return the values of an item.

        :param drafts: values of the charges that would be entered
        :param charges: charges in the ledger that wait for an invoice
        :param previous: what a whole period cost last time, None for never
        """
        due = [vals["due_date"] for vals in drafts] + charges.mapped("due_date")
        periods = charges.filtered(lambda charge: charge.kind in PERIOD_KINDS)
        drafted = sum(vals["amount"] for vals in drafts)
        recurring = drafted + sum(periods.mapped("amount"))
        return {
            "run_id": run.id,
            "contract_id": contract.id,
            "due_date": max(min(due), run.date_from),
            "amount": drafted + sum(charges.mapped("amount")),
            "recurring_amount": recurring,
            "previous_amount": previous or 0.0,
            "flag": self._get_flag(recurring, previous),
        }

    @api.model
    def _get_flag(self, amount, previous):
        """Return how a period's price reads against the last one, None for none."""
        if float_is_zero(amount, precision_digits=2):
            return "zero"
        if previous is None:
            return "new"
        change = amount - previous
        if float_is_zero(change, precision_digits=2):
            return "same"
        if not previous or abs(change / previous) * 100 > SUSPICIOUS_CHANGE_PERCENT:
            return "suspicious"
        return "changed"

    # === PROCESSING ===

    def _get_obstacles(self):
        obstacles = self.contract_id._get_billing_obstacles()
        return {
            item: obstacles[item.contract_id]
            for item in self
            if item.contract_id in obstacles
        }

    def _explain_error(self, error):
        if isinstance(error, IntegrityError):
            return self.env._("This period is being billed by another run.")
        return super()._explain_error(error)

    def _bill(self):
        """Enter what is due in the ledger and invoice it."""
        run = self.run_id
        contracts = self.contract_id.with_company(run.company_id)
        contracts.lock_for_update(allow_referencing=True)
        contracts._touch()
        for obstacle in contracts._get_billing_obstacles().values():
            raise UserError(obstacle)
        charges = contracts._enter_due_charges(
            run.date_from, run.date_to, run.invoice_date
        )
        charges.run_id = run
        self.env["contract.invoice.writer"]._invoice(charges, run.invoice_date)
        self._mark_done(charges)

    def _mark_done(self, charges):
        billed = {
            contract: sum(group.mapped("amount"))
            for contract, group in charges.grouped("contract_id").items()
        }
        for amount, items in self.grouped(
            lambda item: billed.get(item.contract_id, 0.0)
        ).items():
            items.write({"state": "done", "message": False, "billed_amount": amount})
