from odoo import api, fields, models


class PaymentConsentMixin(models.AbstractModel):
    """A payer lets a bank pay the invoices of a contract, until one side ends it."""

    _name = "payment.consent.mixin"
    _description = "Consent of a Payer"
    _inherit = "mail.thread"
    _order = "id desc"
    _check_company_auto = True

    # States in which it is in force or may come into force: one for a contract.
    _live_states = ()
    # The way to the bank of its accounts.
    _backend = ""

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True, index=True
    )
    account_id = fields.Many2one(
        "collection.account",
        string="Collection Account",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._get_only_account(),
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    ended_on = fields.Date(readonly=True, copy=False, tracking=True)
    reason = fields.Char(
        readonly=True, copy=False, tracking=True, help="Why it was refused or ended."
    )

    is_over = fields.Boolean(
        compute="_compute_is_over",
        help="It has ended, and the contract has no other one.",
    )

    @api.depends("state", "contract_id")
    def _compute_is_over(self):
        live = self.search(
            [
                ("contract_id", "in", self.contract_id.ids),
                ("state", "in", self._live_states),
            ]
        )
        for consent in self:
            consent.is_over = (
                consent.state not in self._live_states
                and consent.contract_id not in live.contract_id
            )

    @api.model
    def _get_only_account(self):
        """Return the company's account of this way to the bank, where there is one."""
        accounts = self.env["collection.account"].search(
            [("backend", "=", self._backend), ("company_id", "=", self.env.company.id)],
            limit=2,
        )
        return accounts if len(accounts) == 1 else accounts.browse()

    @api.model
    def _get_account_of(self, vals):
        """Return the account that a new record with these values has."""
        account_id = (
            vals["account_id"]
            if "account_id" in vals
            else self.default_get(["account_id"]).get("account_id")
        )
        return self.env["collection.account"].browse(account_id)

    def _view_titles(self, name):
        """Return the action that lists the titles of which a field names this."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_title_action"
        )
        return action | {"domain": [(name, "=", self.id)], "context": {}}

    def _filter_live(self):
        return self.filtered(lambda consent: consent.state in self._live_states)
