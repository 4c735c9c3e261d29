from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.billing_calendar import ONE_DAY


class ContractCreditOutage(models.TransientModel):
    """Gives days without service back to one contract or to many.

    The preview does it for a trial, contract by contract, and is undone.
    """

    _name = "contract.credit.outage"
    _description = "Credit Days Without Service"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    chosen_by = fields.Selection(
        [("contracts", "Contracts"), ("filter", "City, plan or tag")],
        string="Choose By",
        default=lambda self: "contracts" if self._default_contract_ids() else "filter",
        required=True,
    )
    contract_ids = fields.Many2many(
        "contract.contract",
        default=lambda self: self._default_contract_ids(),
        domain="[('company_id', '=', company_id), "
        "('lifecycle_state', 'in', ('active', 'suspended'))]",
    )
    city_ids = fields.Many2many("res.city", string="Cities")
    plan_ids = fields.Many2many("contract.template", string="Plans")
    tag_ids = fields.Many2many("contract.tag", string="Tags")
    kind = fields.Selection(
        [("outage", "Outage"), ("blocked", "Blocked by us, wrongly")],
        string="Cause",
        default="outage",
        required=True,
    )
    date_from = fields.Date(
        string="First Day", required=True, default=lambda self: self._default_day()
    )
    date_to = fields.Date(
        string="Last Day", required=True, default=lambda self: self._default_day()
    )
    reason = fields.Char()
    line_ids = fields.One2many("contract.credit.outage.line", "wizard_id")
    contract_count = fields.Integer(compute="_compute_totals")
    refused_count = fields.Integer(compute="_compute_totals")
    total_amount = fields.Monetary(compute="_compute_totals")

    @api.model
    def _default_day(self):
        return self.env.company._get_local_date() - ONE_DAY

    @api.model
    def _default_contract_ids(self):
        if self.env.context.get("active_model") != "contract.contract":
            return self.env["contract.contract"]
        ids = self.env.context.get("active_ids", [])
        return self.env["contract.contract"].browse(ids)

    @api.depends("line_ids")
    def _compute_totals(self):
        for wizard in self:
            refused = wizard.line_ids.filtered("message")
            wizard.refused_count = len(refused)
            wizard.contract_count = len(wizard.line_ids - refused)
            wizard.total_amount = sum(wizard.line_ids.mapped("amount"))

    @api.onchange(
        "chosen_by",
        "contract_ids",
        "city_ids",
        "plan_ids",
        "tag_ids",
        "date_from",
        "date_to",
        "reason",
        "kind",
    )
    def _onchange_choice(self):
        self.line_ids = [Command.clear()]

    # === ACTIONS ===

    def action_preview(self):
        """Show what each contract would get, without giving it."""
        self.ensure_one()
        contracts = self._get_contracts()
        with contracts._trial() as tried:
            rows = [self._try(contract) for contract in tried]
        self.line_ids = [Command.clear(), *map(Command.create, rows)]
        return self._reopen()

    def action_apply(self):
        """Give the days back to all contracts that can take them."""
        self.ensure_one()
        contracts = self.line_ids.filtered(lambda line: not line.message).contract_id
        if not contracts:
            raise UserError(
                self.env._("Press “Preview” first: it says what each contract gets.")
            )
        outages = self._give(contracts)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Days Without Service"),
            "res_model": "contract.outage",
            "view_mode": "list,form",
            "domain": [("id", "in", outages.ids)],
        }

    # === BUSINESS ===

    def _get_contracts(self):
        """Return the contracts chosen, in force on the days."""
        if self.chosen_by == "contracts":
            contracts = self.contract_ids
        else:
            contracts = self.env["contract.contract"].search(self._get_domain())
        if not contracts:
            raise UserError(
                self.env._("No contract fits. Choose contracts, a city, plan or tag.")
            )
        return contracts

    def _get_domain(self):
        chosen = [
            Domain(name, "in", records.ids)
            for name, records in (
                ("city_id", self.city_ids),
                ("contract_template_id", self.plan_ids),
                ("tag_ids", self.tag_ids),
            )
            if records
        ]
        if not chosen:
            raise UserError(self.env._("Choose a city, a plan or a tag."))
        return (
            Domain.AND(chosen)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("lifecycle_state", "in", ("active", "suspended"))
            & Domain("date_start", "<=", self.date_to)
        )

    def _give(self, contracts):
        return contracts.with_company(self.company_id)._credit_outage(
            self.date_from,
            self.date_to,
            self.reason,
            self.company_id._get_local_date(),
            kind=self.kind,
        )

    def _try(self, contract):
        """Return the values of the preview of one contract."""
        try:
            with self.env.cr.savepoint():
                outages = self._give(contract)
                contract.env.flush_all()
        except UserError as error:
            return {"contract_id": contract.id, "message": str(error)}
        charges = outages.charge_ids
        return {
            "contract_id": contract.id,
            "days": sum(outages.mapped("days")),
            "amount": -sum(charges.mapped("amount")),
            "due_date": min(charges.mapped("due_date"), default=False),
            "message": False
            if outages
            else self.env._("These days are given back already."),
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Days Without Service"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
