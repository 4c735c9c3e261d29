from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class ContractUnify(models.TransientModel):
    """Bills several contracts of a customer together (*cobrança unificada*)."""

    _name = "contract.unify"
    _description = "Unify the Billing of Contracts"

    contract_ids = fields.Many2many(
        "contract.contract",
        string="Contracts",
        default=lambda self: self._default_contract_ids(),
        domain="[('partner_id.commercial_partner_id', 'in', customer_ids), "
        "('lifecycle_state', 'not in', ('closed', 'deactivated'))]",
    )
    customer_ids = fields.Many2many(
        "res.partner",
        "contract_unify_customer_rel",
        compute="_compute_customer_ids",
    )
    date_from = fields.Date(
        string="From",
        default=fields.Date.context_today,
        required=True,
        help="What is due from this day on is billed together.",
    )
    due_day = fields.Integer(
        compute="_compute_due_day", store=True, readonly=False, precompute=True
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_preview")

    @api.model
    def _default_contract_ids(self):
        """Propose all contracts in force of the customer."""
        contracts = self.env["contract.contract"].browse(
            self.env.context.get("active_ids", [])
        )
        if len(contracts) != 1:
            return contracts
        return contracts.search(
            [
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    contracts.partner_id.commercial_partner_id.id,
                ),
                ("company_id", "=", contracts.company_id.id),
                ("lifecycle_state", "in", ("active", "suspended")),
            ]
        )

    @api.depends("contract_ids")
    def _compute_customer_ids(self):
        for wizard in self:
            wizard.customer_ids = wizard.contract_ids.partner_id.commercial_partner_id

    @api.depends("contract_ids")
    def _compute_due_day(self):
        for wizard in self:
            group = wizard.contract_ids.billing_group_id[:1]
            wizard.due_day = group.due_day or wizard.contract_ids[:1].due_day

    @api.depends("contract_ids", "date_from", "due_day")
    def _compute_preview(self):
        for wizard in self:
            try:
                wizard.preview, wizard.obstacle = wizard._preview(), False
            except UserError as error:
                wizard.preview, wizard.obstacle = False, str(error)

    def _preview(self):
        """Return the next invoice of the contracts, billed together, in words."""
        today = fields.Date.context_today(self)
        contracts = self.contract_ids._origin
        contracts._check_may_unify()
        contracts._check_unification(self.date_from, self.due_day, today)
        with contracts._trial() as tried:
            self._apply(tried)
            tried.env.flush_all()
            active = tried.filtered(lambda c: c.lifecycle_state == "active")[:1]
            day = max(today, self.date_from)
            bills = active._preview_next_invoice(day) if active else []
        words = [line for bill in bills for line in self._describe(bill)]
        return "\n".join(words) or self.env._("No invoice follows.")

    def _describe(self, bill):
        currency = self.contract_ids.currency_id[:1]
        codes = {contract.id: contract.code for contract in self.contract_ids._origin}
        total = self.env._(
            "Next invoice, due on %(date)s: %(amount)s",
            date=format_date(self.env, bill["due_date"]),
            amount=format_amount(self.env, bill["amount_total"], currency),
        )
        return [total] + [
            f"  {codes.get(row[0], '')} · {row[2]}: "
            f"{format_amount(self.env, row[5], currency)}"
            for row in bill["rows"]
        ]

    def _apply(self, contracts):
        return contracts._unify(
            self.date_from,
            self.due_day,
            fields.Date.context_today(self),
            reason=self.reason,
        )

    def action_apply(self):
        self.ensure_one()
        return self._apply(self.contract_ids).get_formview_action()
