from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import LIVE_AGREEMENT_STATES


class ContractDebtAgreement(models.Model):
    """A debt paid in instalments instead of its invoices (*acordo*, S001-08).

    The original invoices stay as they are, cleared against the account of
    renegotiated receivables; each instalment is an invoice posted to that
    account, so nothing is revenue twice. What undoes an agreement undoes all of
    it: see `contract_debt_agreement_undoing.py`.
    """

    _name = "contract.debt.agreement"
    _description = "Agreement About a Debt"
    _inherit = "contract.print.mixin"
    _order = "date desc, id desc"
    _print_kind = "agreement"

    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True
    )
    contract_ids = fields.Many2many(
        "contract.contract",
        "contract_debt_agreement_contract_rel",
    )
    currency_id = fields.Many2one("res.currency", required=True)
    date = fields.Date(required=True, help="Day on which it was agreed.")
    user_id = fields.Many2one("res.users", string="By", required=True)
    state = fields.Selection(
        [
            ("waiting", "Waits for the first payment"),
            ("running", "Being paid"),
            ("done", "Paid off"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        index=True,
    )
    is_live = fields.Boolean(compute="_compute_is_live")
    reason = fields.Char(help="Why it was agreed.")
    ended_on = fields.Date(help="Day on which it was paid off, broken or cancelled.")
    end_reason = fields.Char(string="Why It Ended")
    replaces_id = fields.Many2one(
        "contract.debt.agreement",
        index="btree_not_null",
        ondelete="restrict",
    )
    origin_ids = fields.One2many("contract.debt.agreement.origin", "agreement_id")
    instalment_ids = fields.One2many(
        "contract.debt.agreement.instalment", "agreement_id"
    )
    clearing_move_id = fields.Many2one(
        "account.move", string="Clearing Entry", ondelete="restrict"
    )

    # === AMOUNTS ===

    principal_amount = fields.Monetary(
        string="Principal", help="What was open on the invoices."
    )
    fine_amount = fields.Monetary(string="Fine", help="Before the discount.")
    interest_amount = fields.Monetary(string="Interest", help="Before the discount.")
    discount_percent = fields.Float(string="Discount (%)", digits=(16, 2))
    discount_amount = fields.Monetary(
        string="Discount Given", help="Taken off fine and interest."
    )
    total_amount = fields.Monetary(string="Total")
    instalment_count = fields.Integer(string="Instalments")
    interval_months = fields.Integer(string="Months Between")
    paid_amount = fields.Monetary(string="Paid", compute="_compute_progress")
    open_amount = fields.Monetary(string="Open", compute="_compute_progress")
    next_due_date = fields.Date(compute="_compute_progress")
    is_overdue = fields.Boolean(compute="_compute_progress")

    @api.depends("state")
    def _compute_is_live(self):
        for agreement in self:
            agreement.is_live = agreement.state in LIVE_AGREEMENT_STATES

    @api.depends("instalment_ids.move_id.amount_residual", "state")
    def _compute_progress(self):
        for agreement in self:
            instalments = agreement.instalment_ids
            pending = instalments.filtered(
                lambda part: part.state in ("open", "overdue", "partial")
            )
            agreement.paid_amount = sum(instalments.mapped("paid_amount"))
            agreement.open_amount = sum(pending.mapped("open_amount"))
            agreement.next_due_date = min(pending.mapped("due_date"), default=False)
            agreement.is_overdue = any(part.is_overdue for part in pending)

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("An agreement is never deleted. Cancel or break it.")
        )

    # === ACTIONS ===

    def action_print(self):
        """Return the agreement on paper."""
        report = self.env.ref("contract_recurring.report_debt_agreement")
        return report.report_action(self, config=False)

    def action_view_instalments(self):
        return self._open_moves(self.env._("Instalments"), self.instalment_ids.move_id)

    def action_view_originals(self):
        return self._open_moves(
            self.env._("Original Invoices"), self.origin_ids.move_id
        )

    def _open_moves(self, name, moves):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("contract_recurring.account_move_view_list").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", moves.ids)],
        }

    def action_view_contracts(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contracts"),
            "res_model": "contract.contract",
            "view_mode": "list,form",
            "domain": [("id", "in", self.contract_ids.ids)],
        }

    # === BUSINESS ===

    def _get_main_contract(self):
        """Return the contract that owes most: its settings make the invoices."""
        self.ensure_one()
        origins = self.origin_ids.filtered(lambda origin: not origin.is_surcharge)
        owed = {}
        for origin in origins:
            for contract, amount in origin.move_id._get_amounts_of_contracts().items():
                owed[contract] = owed.get(contract, 0.0) + amount
        return max(owed, key=lambda contract: (owed[contract], -contract.id))

    def _lock_for_step(self):
        """Keep the agreement to this transaction and read it anew.

        :raise UserError: somebody else is changing it
        """
        self.ensure_one()
        self.env["account.move"]._lock_debt(
            self.sudo().origin_ids.move_id | self.sudo().instalment_ids.move_id
        )
        self.sudo().invalidate_recordset()

    def _record_event(self, state_words, reason, day, before=None):
        self.env["contract.event"]._record(
            self.sudo().contract_ids,
            "agreement",
            effective_date=day,
            from_state=before,
            to_state=state_words,
            reason=reason,
        )

    def _describe_state(self):
        """Return the agreement and its state in words, as events tell it."""
        self.ensure_one()
        field = self._fields["state"]
        state = dict(field._description_selection(self.env))[self.state]
        return f"{self.name}: {state}"
