from odoo import fields, models
from odoo.exceptions import UserError

# Where a chart of accounts has room for the account, if it is free.
ACCOUNT_CODE = "1.1.2.90.01"


class ResCompany(models.Model):
    """How a company renegotiates debts, and on which accounts."""

    _inherit = "res.company"

    agreement_account_id = fields.Many2one(
        "account.account",
        string="Renegotiated Receivables",
        domain="[('account_type', '=', 'asset_current'), ('company_ids', '=', id)]",
        help="Account that originals of agreements are cleared against and "
        "instalments are posted to; made with the first agreement.",
    )
    agreement_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Agreements",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        help="Empty: the first miscellaneous journal.",
    )
    agreement_max_discount_percent = fields.Float(
        string="Most Discount on Fine and Interest (%)",
        default=50.0,
        digits=(16, 2),
        help="What staff may give; more needs a manager.",
    )
    agreement_break_days = fields.Integer(
        string="Break After (Days)",
        default=10,
        help="Days an instalment may be overdue before its agreement is broken.",
    )
    credit_listing_removal = fields.Selection(
        [
            ("payment", "With its first payment"),
            ("agreement", "When it is made"),
        ],
        string="Agreement Takes Debts off the Credit Bureau",
        default="payment",
        required=True,
        help="From that day on there are five working days to take the debts of an "
        "agreement off the credit bureau's list (STJ, Súmula 548). Until its first "
        "payment the service stays restricted as well.",
    )

    _agreement_rules = models.Constraint(
        "CHECK (agreement_break_days >= 0 "
        "AND agreement_max_discount_percent BETWEEN 0 AND 100)",
        "Agreements: days cannot be negative, a discount lies between 0 and 100 %.",
    )

    def _get_agreement_account(self):
        """Return the account of renegotiated receivables, made on first use."""
        self.ensure_one()
        company = self.sudo()
        if not company.agreement_account_id:
            accounts = company.env["account.account"].with_company(company)
            company.agreement_account_id = accounts.create(
                {
                    "name": self.env._("Renegotiated Receivables"),
                    "code": accounts._search_new_account_code(ACCOUNT_CODE),
                    "account_type": "asset_current",
                    "company_ids": [fields.Command.set(company.ids)],
                }
            )
        return company.agreement_account_id

    def _get_agreement_journal(self):
        """Return the journal of clearing entries."""
        self.ensure_one()
        company = self.sudo()
        journal = company.agreement_journal_id or company.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)],
            order="sequence, id",
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no miscellaneous journal. Choose the journal of "
                    "agreements in the settings.",
                    company=self.name,
                )
            )
        return journal
