from odoo import fields, models

from ..tools.bank_calendar import next_bank_day


class ResCompany(models.Model):
    """What all contracts of a company start from."""

    _inherit = "res.company"

    contract_journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'sale'), ('company_id', '=', id)]",
        help="Journal of the invoices of contracts.",
    )
    contract_due_day = fields.Integer(
        string="Default Due Day",
        default=10,
        help="Due day of a new contract whose plan offers no other.",
    )
    contract_due_date_rule = fields.Selection(
        [
            ("any", "Any day"),
            ("weekdays", "Weekdays: move to the next bank day"),
        ],
        default="any",
        required=True,
        help="What happens to a due date on a weekend or bank holiday.",
    )

    contract_bonus_max_days = fields.Integer(
        string="Longest Bonus Period",
        default=10,
        help="Days, from the day it is granted, in which a contract is not blocked.",
    )
    contract_address_fee = fields.Monetary(
        string="Fee for a Change of Address",
        help="Proposed when the address of a contract changes.",
    )

    _contract_due_day_in_month = models.Constraint(
        "CHECK (contract_due_day BETWEEN 1 AND 31)",
        "The due day must lie between 1 and 31.",
    )

    def _get_due_date_mover(self):
        """Return the function that moves due dates, None where they stay."""
        return next_bank_day if self.contract_due_date_rule == "weekdays" else None

    def _get_fiscal_position_countries(self):
        """Return the countries with fiscal positions that choose themselves."""
        self.ensure_one()
        positions = self.env["account.fiscal.position"].sudo()
        return positions.search(
            [
                *positions._check_company_domain(self),
                ("auto_apply", "=", True),
                ("country_id", "!=", False),
            ]
        ).country_id
