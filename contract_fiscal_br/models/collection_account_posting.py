from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

EXPENSES = "('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other'))"
# {field: (where a chart of accounts has room, type, whether it is reconciled)}
NEW_ACCOUNTS = {
    "fee_account_id": ("3.1.9.01.01", "expense", False),
    "discount_account_id": ("3.1.9.01.02", "expense", False),
    "suspense_account_id": ("2.1.9.01.01", "liability_current", True),
}


class CollectionAccount(models.Model):
    """Where the money of a collection account is posted."""

    _inherit = "collection.account"

    money_account_id = fields.Many2one(
        "account.account",
        string="Money on Its Way",
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', '=', 'asset_current')]",
        help="Receives what the bank says it credits, until the bank statement is "
        "reconciled with it. Empty: the bank journal's own account.",
    )
    fee_account_id = fields.Many2one(
        "account.account",
        string="Fees of the Bank",
        check_company=True,
        domain=f"[{EXPENSES}]",
        help="Made with the first fee where it is empty.",
    )
    discount_account_id = fields.Many2one(
        "account.account",
        string="Discounts Granted",
        check_company=True,
        domain=f"[{EXPENSES}]",
        default=lambda self: self._get_default_discount_account(),
        help="Discounts and rebates that payers took, and cents of fine and interest "
        "that the bank did not ask for.",
    )
    suspense_account_id = fields.Many2one(
        "account.account",
        string="Money to Identify",
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', '=', 'liability_current')]",
        help="Holds payments of unknown or cancelled titles until somebody says whose "
        "they are. Made with the first such payment where it is empty.",
    )
    late_tolerance = fields.Monetary(
        string="Cents to Forgo",
        default=1.0,
        help="Fine and interest as the bank calculates them may differ by cents from "
        "the contract's. Up to this amount what is missing is forgone, and what is "
        "too much becomes a credit without a flag.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    setup_message = fields.Text(
        string="Still to Set Up", compute="_compute_setup_message"
    )

    _late_tolerance_sign = models.Constraint(
        "CHECK (late_tolerance >= 0)", "The cents to forgo cannot be negative."
    )

    # === SETUP ===

    @api.depends(
        "journal_id.default_account_id",
        "fee_account_id",
        "discount_account_id",
        "suspense_account_id",
    )
    @api.depends_context("lang")
    def _compute_setup_message(self):
        for account in self:
            account.setup_message = "\n".join(account._list_missing()) or False

    def _list_missing(self):
        """Return, in words, what a return would not find."""
        self.ensure_one()
        missing = []
        if not self.money_account_id and not self.journal_id.default_account_id:
            missing.append(
                self.env._(
                    "The journal “%(journal)s” has no bank account: payments cannot "
                    "be posted. Choose one on the journal.",
                    journal=self.journal_id.display_name or "",
                )
            )
        missing += [
            self.env._(
                "“%(field)s” is empty: the account is made when it is first needed. "
                "Choose one if your chart of accounts has it.",
                field=self._fields[name]._description_string(self.env),
            )
            for name in NEW_ACCOUNTS
            if not self[name]
        ]
        return missing

    @api.model
    def _get_default_discount_account(self):
        """Return the chart's own account of discounts for paying early."""
        return self.env.company.account_journal_early_pay_discount_loss_account_id

    @api.constrains("journal_id")
    def _check_journal_currency(self):
        for account in self:
            currency = account.journal_id.currency_id
            if currency and currency != account.currency_id:
                raise ValidationError(
                    self.env._(
                        "The journal “%(journal)s” is kept in %(currency)s. Banks "
                        "collect in %(own)s: choose another journal.",
                        journal=account.journal_id.display_name,
                        currency=currency.name,
                        own=account.currency_id.name,
                    )
                )

    # === ACCOUNTS ===

    def _get_money_account(self):
        """Return the account of what the bank credits.

        :raise UserError: the journal has none
        """
        self.ensure_one()
        found = self.money_account_id or self.journal_id.default_account_id
        if not found:
            raise UserError("\n".join(self._list_missing()))
        return found

    def _get_fee_account(self):
        return self._get_or_make("fee_account_id", self.env._("Fees of Collection"))

    def _get_discount_account(self):
        return self._get_or_make("discount_account_id", self.env._("Discounts Granted"))

    def _get_suspense_account(self):
        return self._get_or_make(
            "suspense_account_id", self.env._("Collected, to Identify")
        )

    def _get_or_make(self, name, label):
        """Return one of the accounts; a new one serves all the company's agreements."""
        self.ensure_one()
        account = self.sudo()
        if not account[name]:
            account[name] = account._find_sibling(name) or account._make(name, label)
        return account[name]

    def _find_sibling(self, name):
        """Return the account that another agreement of the company uses."""
        siblings = self.with_context(active_test=False).search(
            Domain("company_id", "=", self.company_id.id) & Domain(name, "!=", False),
            limit=1,
        )
        return siblings[name]

    def _make(self, name, label):
        code, account_type, is_reconciled = NEW_ACCOUNTS[name]
        accounts = self.env["account.account"].with_company(self.company_id)
        return accounts.create(
            {
                "name": label,
                "code": accounts._search_new_account_code(code),
                "account_type": account_type,
                "reconcile": is_reconciled,
                "company_ids": [Command.set(self.company_id.ids)],
            }
        )
