from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import REVENUE_STATES


class ContractEvent(models.Model):
    """Something that happened to a contract; written once, never changed.

    History, MRR movements, churn and audit read these rows; replaying them
    gives the contract's state.
    """

    _name = "contract.event"
    _description = "Contract Event"
    _order = "id desc"
    _rec_name = "kind"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    kind = fields.Selection(
        [
            ("created", "Created"),
            ("lifecycle", "State"),
            ("imported", "Imported"),
            ("plan", "Plan"),
            ("renewal", "Renewal"),
            ("trial", "Trial"),
            ("technology", "Technology"),
            ("due_day", "Due day"),
            ("address", "Address"),
            ("holder", "Holder"),
            ("closing", "Cancellation"),
            ("price", "Price"),
            ("service", "Services"),
            ("discount", "Discount"),
            ("exemption", "Exemption"),
            ("bonus", "Bonus"),
            ("tasting", "Plan tasting"),
            ("acceptance", "Acceptance"),
        ],
        required=True,
    )
    user_id = fields.Many2one("res.users", string="By", required=True)
    effective_date = fields.Date(
        required=True, help="Day from which on the change holds."
    )
    from_state = fields.Char()
    to_state = fields.Char()
    from_state_label = fields.Char(string="From", compute="_compute_labels")
    to_state_label = fields.Char(string="To", compute="_compute_labels")
    reason = fields.Char()
    currency_id = fields.Many2one("res.currency", required=True)
    mrr_before = fields.Monetary(string="MRR Before")
    mrr_after = fields.Monetary(string="MRR After")
    mrr_change = fields.Monetary(
        string="MRR Change", compute="_compute_mrr_change", store=True, precompute=True
    )

    @api.depends("mrr_before", "mrr_after")
    def _compute_mrr_change(self):
        for event in self:
            event.mrr_change = event.mrr_after - event.mrr_before

    @api.depends("from_state", "to_state")
    @api.depends_context("lang")
    def _compute_labels(self):
        field = self.env["contract.contract"]._fields["lifecycle_state"]
        labels = dict(field._description_selection(self.env))
        for event in self:
            event.from_state_label = labels.get(event.from_state, event.from_state)
            event.to_state_label = labels.get(event.to_state, event.to_state)

    def write(self, vals):
        if self:
            raise UserError(self.env._("The history of a contract cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a contract cannot be deleted."))

    @api.model
    def _record(self, contracts, kind, **values):
        """Write one event for each contract.

        :param values: fields of the event; the recurring revenue before and
            after is read off the states unless given
        """
        return self.sudo().create(
            [self._prepare(contract, kind, **values) for contract in contracts]
        )

    @api.model
    def _prepare(self, contract, kind, **values):
        """Return the values of an event of one contract, as `_record` takes them."""
        return {
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "kind": kind,
            "user_id": self.env.user.id,
            "effective_date": fields.Date.context_today(self),
            "currency_id": contract.currency_id.id,
            "mrr_before": self._mrr(contract, values.get("from_state")),
            "mrr_after": self._mrr(contract, values.get("to_state")),
            **values,
        }

    @api.model
    def _mrr(self, contract, state):
        """Return the recurring revenue of a contract in a state; a trial has none."""
        if state not in REVENUE_STATES or contract._is_trial_unpaid():
            return 0.0
        return contract.monthly_amount
