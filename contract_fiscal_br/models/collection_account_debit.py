from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionAccount(models.Model):
    """An agreement to debit customers' accounts (*débito automático*)."""

    _inherit = "collection.account"

    debit_version = fields.Selection(
        [("04", "04"), ("05", "05 (CPF or CNPJ compared)")],
        string="Layout of Debits",
        default="05",
        help="Version of FEBRABAN's layout, as the letter of the bank names it.",
    )
    next_debit_code = fields.Integer(
        default=1,
        copy=False,
        help="The next authorisation gets it, with a check digit.",
    )
    debit_lead_days = fields.Integer(
        string="Bank Days Before the Debit",
        default=2,
        help="How long before the debit the bank wants the file.",
    )
    debit_window_days = fields.Integer(
        string="Days Ahead",
        default=15,
        help="A remittance takes debits of so many days ahead at most: what the bank "
        "has not got yet is withdrawn without asking it.",
    )
    debit_attempts = fields.Integer(
        string="Attempts",
        default=2,
        help="So often an invoice is debited before a boleto takes its place.",
    )
    debit_retry_days = fields.Integer(
        string="Bank Days Between Attempts",
        default=3,
        help="Between the answer of the bank and the next debit.",
    )
    debit_fallback_mode_id = fields.Many2one(
        "account.payment.mode",
        string="Otherwise Paid By",
        check_company=True,
        domain="[('collection_account_id.backend', 'in', ('cnab_file', 'bank_api'))]",
        help="For contracts not authorised yet, and invoices whose debits failed.",
    )
    authorization_count = fields.Integer(compute="_compute_authorization_count")

    _debit_days_positive = models.Constraint(
        "CHECK (debit_lead_days >= 0 AND debit_window_days >= 0 AND debit_attempts > 0"
        " AND debit_retry_days > 0 AND next_debit_code > 0)",
        "Days of direct debit are 0 or more; attempts and codes 1 or more.",
    )

    def _compute_authorization_count(self):
        counts = dict(
            self.env["direct.debit.authorization"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "authorised")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.authorization_count = counts.get(account, 0)

    @api.constrains("debit_fallback_mode_id")
    def _check_debit_fallback(self):
        for account in self:
            other = account.debit_fallback_mode_id.collection_account_id
            if other.backend == "cnab_debit":
                raise ValidationError(
                    self.env._("“Otherwise Paid By” cannot be a direct debit itself.")
                )

    def action_view_authorizations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.direct_debit_authorization_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    # === FILES ===

    def _get_driver(self):
        """Return the layout of debits, which is one for all banks."""
        self.ensure_one()
        if self.backend == "cnab_debit":
            return self.env["collection.bank.debit"]
        return super()._get_driver()

    def _get_debit_messages(self):
        """Return what the bank is still to be told of authorisations."""
        self.ensure_one()
        return self.env["direct.debit.message"].search(
            [("account_id", "=", self.id), ("state", "=", "pending")]
        )

    def _find_with_news(self, company):
        pending = self.env["direct.debit.message"]._read_group(
            [("state", "=", "pending"), ("company_id", "=", company.id)], ["account_id"]
        )
        return super()._find_with_news(company).union(*(row[0] for row in pending))

    def _has_news_for_bank(self):
        if self.backend == "cnab_debit":
            return bool(self._get_debit_messages())
        return super()._has_news_for_bank()
