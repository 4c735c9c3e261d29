from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..const import GENERATION_TYPE, LIFECYCLE_STEPS

# Written by the steps of the life alone, each with its event.
STEP_FIELDS = {"lifecycle_state", "billing_origin", "due_from"}


class ContractContract(models.Model):
    """The life of a contract: each step is one event, and only steps change it."""

    _inherit = "contract.contract"

    lifecycle_state = fields.Selection(
        [
            ("draft", "Pre-registration"),
            ("waiting", "Waiting for activation"),
            ("active", "Active"),
            ("suspended", "Temporarily suspended"),
            ("closed", "Cancelled"),
            ("deactivated", "Deactivated"),
        ],
        string="State",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    billing_origin = fields.Date(
        readonly=True,
        copy=False,
        help="First day of the present billing periods: the activation, or the day "
        "a change of due day took effect.",
    )
    due_from = fields.Date(
        readonly=True,
        copy=False,
        help="Day before which nothing is due, since the due day was changed.",
    )
    loyalty_start_date = fields.Date(
        copy=False,
        help="First day of the loyalty term where it is not the activation, as "
        "after a renewal.",
    )
    charged_from = fields.Date(
        compute="_compute_charged_from",
        store=True,
        help="First day charged here: the activation, the end of a trial, or where "
        "another system left off. A later change of due day leaves it.",
    )
    loyalty_end_date = fields.Date(
        compute="_compute_loyalty_end_date",
        store=True,
        help="Last day of the loyalty term.",
    )
    event_ids = fields.One2many("contract.event", "contract_id", readonly=True)

    @api.depends("date_start", "loyalty_start_date", "loyalty_months")
    def _compute_loyalty_end_date(self):
        for contract in self:
            months = contract.loyalty_months
            start = contract.loyalty_start_date or contract.date_start
            contract.loyalty_end_date = (
                start + relativedelta(months=months, days=-1)
                if start and months
                else False
            )

    @api.depends("billing_origin")
    def _compute_charged_from(self):
        for contract in self:
            contract.charged_from = contract.charged_from or contract.billing_origin

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_no_step(vals)
        contracts = super().create(vals_list)
        ours = contracts.filtered(lambda c: c.generation_type == GENERATION_TYPE)
        self.env["contract.event"]._record(ours, "created", to_state="draft")
        return contracts

    def write(self, vals):
        self._check_no_step(vals)
        return super().write(vals)

    @api.model
    def _check_no_step(self, vals):
        if STEP_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("A contract changes its state by its buttons alone.")
            )

    # === ACTIONS ===

    def action_wait(self):
        """Hand the contract over to installation."""
        for contract in self:
            contract._check_ready()
        self._change_state("waiting", fields.Date.context_today(self))

    def action_activate(self):
        """Ask for the day of activation."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_activate_action"
        )

    def action_back_to_draft(self):
        self._change_state("draft", fields.Date.context_today(self))

    def action_deactivate(self):
        """Put away a contract that never was, or no longer is, in force."""
        self._change_state("deactivated", fields.Date.context_today(self))

    # === BUSINESS ===

    def _activate(self, day):
        """Put the contracts in force from a day on; they are billed from it."""
        for contract in self:
            contract._check_ready()
            first_day = contract._get_first_charged_day(day)
            contract.sudo().write({"date_start": day, "billing_origin": first_day})
            contract.contract_line_ids.write({"date_start": first_day})
            contract._charge_activation_fee(day)
            contract._change_state("active", day)

    def _check_ready(self):
        """Raise unless the contract has all it needs to be delivered and billed."""
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: not line.display_type)
        if not lines:
            raise UserError(
                self.env._(
                    "%(contract)s has no product. Choose a plan first.",
                    contract=self.display_name,
                )
            )

    def _change_state(self, state, day, reason=None):
        """Take a step of the life and write its event.

        :param date day: from when on it holds
        :raise UserError: where the step does not exist
        """
        for contract in self:
            contract._check_step(state)
        for before, contracts in self.grouped("lifecycle_state").items():
            contracts.sudo().lifecycle_state = state
            self.env["contract.event"]._record(
                contracts,
                "lifecycle",
                effective_date=day,
                from_state=before,
                to_state=state,
                reason=reason,
            )

    def _check_step(self, state):
        """Raise unless the contract may become that now."""
        self.ensure_one()
        if state in LIFECYCLE_STEPS[self.lifecycle_state]:
            return
        field = self._fields["lifecycle_state"]
        labels = dict(field._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(contract)s is “%(before)s” and cannot become “%(after)s”.",
                contract=self.display_name,
                before=labels[self.lifecycle_state],
                after=labels[state],
            )
        )

    @api.model
    def _get_billable_domain(self):
        """Contracts of this addon that owe for their periods."""
        return Domain("generation_type", "=", GENERATION_TYPE) & Domain(
            "lifecycle_state", "in", ("active", "suspended", "closed")
        )
