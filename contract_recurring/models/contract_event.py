from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


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
            ("waiver", "Waiver"),
            ("outage", "Days without service"),
            ("service_state", "Service state"),
            ("trust_unlock", "Trust unlock"),
            ("charging", "Charge by hand"),
            ("invoice", "Invoice"),
            ("unification", "Unified billing"),
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

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        # in memory the new ones come last, in the database first
        events.contract_id.invalidate_recordset(["event_ids"])
        return events

    def write(self, vals):
        if self:
            raise UserError(self.env._("The history of a contract cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a contract cannot be deleted."))

    @api.model
    def _record(self, contracts, kind, **values):
        """Write the event of each contract, and the later revenue it brings about.

        :param values: fields of the event; the recurring revenue before is what
            the events told until now, and after what the lines say
        """
        return self.sudo().create(
            [
                vals
                for contract in contracts
                for vals in self._prepare(contract, kind, **values)
            ]
        )

    @api.model
    def _prepare(self, contract, kind, **values):
        """Return the values of the events of one contract, the one asked for last.

        Those before it tell where the change makes the revenue of later days
        another than was told: a discount that ends by time, an announced price
        that never comes.
        """
        values.setdefault("effective_date", contract.company_id._get_local_date())
        day = values["effective_date"]
        base = {
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "user_id": self.env.user.id,
            "currency_id": contract.currency_id.id,
        }
        first, *later = contract.sudo()._get_untold_revenue(day)
        consequences = [
            base | self._prepare_consequence(values) | revenue for revenue in later
        ]
        return [*consequences, base | {"kind": kind} | values | first]

    @api.model
    def _prepare_consequence(self, values):
        """Return why the revenue of a later day is another one."""
        words = self.env._(
            "Follows from the change of %(day)s",
            day=format_date(self.env, values["effective_date"]),
        )
        return {"kind": "price", "reason": values.get("reason") or words}
