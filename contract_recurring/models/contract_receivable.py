from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.bank_calendar import last_bank_day_before

# Days overdue at which an invoice grows a class older, and the class's name.
AGES = [
    ("open", "Not due"),
    ("to_15", "1 to 15 days"),
    ("to_30", "16 to 30 days"),
    ("to_60", "31 to 60 days"),
    ("to_90", "61 to 90 days"),
    ("over_90", "More than 90 days"),
]


class ContractReceivable(models.Model):
    """What is open of one invoice for one contract, and how long it is overdue.

    Of a unified invoice each contract gets the part its charges have in it;
    the parts are differences of rounded running totals, so they add up to the
    invoice.
    """

    _name = "contract.receivable"
    _description = "Receivable of a Contract"
    _auto = False
    _order = "due_date, id"
    _rec_name = "move_id"
    _depends = {
        "contract.charge": ["contract_id", "move_id", "partner_id", "amount"],
        "account.move": [
            "amount_residual",
            "amount_total",
            "company_id",
            "currency_id",
            "invoice_date_due",
            "move_type",
            "payment_state",
            "state",
        ],
        "contract.contract": [
            "city_id",
            "contract_template_id",
            "manual_state",
            "overdue_state",
            "user_id",
        ],
    }

    contract_id = fields.Many2one("contract.contract", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    plan_id = fields.Many2one("contract.template", readonly=True)
    city_id = fields.Many2one("res.city", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    manual_state = fields.Selection(
        selection=lambda self: self._get_selection_of_contract("manual_state"),
        string="Contract State",
        readonly=True,
    )
    overdue_state = fields.Selection(
        selection=lambda self: self._get_selection_of_contract("overdue_state"),
        string="Dunning",
        readonly=True,
    )
    due_date = fields.Date(readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    age = fields.Selection(AGES, string="Overdue By", readonly=True)
    amount = fields.Monetary(
        string="Invoiced", readonly=True, help="The contract's part of the invoice."
    )
    open_amount = fields.Monetary(string="Open", readonly=True)

    @api.model
    def _get_selection_of_contract(self, name):
        field = self.env["contract.contract"]._fields[name]
        return field._description_selection(self.env)

    # === QUERY ===

    @property
    def _table_query(self):
        return self._get_query(self.env.company._get_local_date())

    @api.model
    def _get_query(self, day):
        """Return the query of what is open on a day."""
        return SQL(
            """
            SELECT part.id, part.contract_id, part.move_id, part.partner_id,
                   move.company_id, move.currency_id,
                   contract.contract_template_id AS plan_id, contract.city_id,
                   contract.user_id, contract.manual_state, contract.overdue_state,
                   move.invoice_date_due AS due_date,
                   %(days)s AS days_overdue, %(age)s AS age,
                   %(amount)s AS amount, %(open_amount)s AS open_amount
              FROM (%(parts)s) part
              JOIN account_move move ON move.id = part.move_id
              JOIN res_currency currency ON currency.id = move.currency_id
              JOIN contract_contract contract ON contract.id = part.contract_id
            """,
            days=self._get_days_sql(day),
            age=self._get_age_sql(day),
            amount=self._get_part_sql("amount_total"),
            open_amount=self._get_part_sql("amount_residual"),
            parts=self._get_parts_sql(),
        )

    @api.model
    def _get_parts_sql(self):
        """Return the query of the share of each open invoice a contract has:
        of the whole, it reaches from `since` until `until`."""
        return SQL(
            """
            SELECT id, contract_id, move_id, partner_id,
                   CASE WHEN total = 0 THEN 1 ELSE reached / total END AS until,
                   CASE WHEN place = 1 THEN 0 WHEN total = 0 THEN 1
                        ELSE (reached - amount) / total END AS since
              FROM (SELECT *,
                           SUM(amount) OVER running AS reached,
                           SUM(amount) OVER (PARTITION BY move_id) AS total,
                           ROW_NUMBER() OVER running AS place
                      FROM (SELECT MIN(charge.id) AS id, charge.contract_id,
                                   charge.move_id, SUM(charge.amount) AS amount,
                                   MIN(charge.partner_id) AS partner_id
                              FROM contract_charge charge
                              JOIN account_move move ON move.id = charge.move_id
                             WHERE move.state = 'posted'
                               AND move.move_type = 'out_invoice'
                               AND move.payment_state IN ('not_paid', 'partial')
                             GROUP BY charge.contract_id, charge.move_id) AS sums
                    WINDOW running AS (PARTITION BY move_id ORDER BY contract_id)
                   ) AS shares
            """
        )

    @api.model
    def _get_part_sql(self, name):
        """Return the contract's part of an amount of the invoice, to the cent."""
        amount = SQL.identifier("move", name)
        return SQL(
            "ROUND(%(amount)s * part.until, currency.decimal_places)"
            " - ROUND(%(amount)s * part.since, currency.decimal_places)",
            amount=amount,
        )

    @api.model
    def _get_days_sql(self, day):
        """Return the days an invoice is overdue, from the due date written on it.

        One due on a day without banks is not overdue before the next bank day
        is over (Lei 7.089/1983).
        """
        return SQL(
            "CASE WHEN move.invoice_date_due <= %s THEN %s - move.invoice_date_due"
            " ELSE 0 END",
            last_bank_day_before(day),
            day,
        )

    @api.model
    def _get_age_sql(self, day):
        days = self._get_days_sql(day)
        return SQL(
            "CASE WHEN %(days)s <= 0 THEN 'open' WHEN %(days)s <= 15 THEN 'to_15'"
            " WHEN %(days)s <= 30 THEN 'to_30' WHEN %(days)s <= 60 THEN 'to_60'"
            " WHEN %(days)s <= 90 THEN 'to_90' ELSE 'over_90' END",
            days=days,
        )

    # === ACTIONS ===

    def action_open_contract(self):
        self.ensure_one()
        return self.contract_id.get_formview_action()

    def action_open_invoice(self):
        self.ensure_one()
        return self.move_id.get_formview_action()

    def action_export(self):
        """Download the rows chosen as XLSX; all of them where none is chosen."""
        self.browse().check_access("read")
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/contract_recurring/receivables.xlsx?ids={ids}",
            "target": "download",
        }

    def action_print(self):
        """Print the rows chosen; all of them where none is chosen."""
        rows = self or self.search([("age", "!=", "open")])
        report = self.env.ref("contract_recurring.report_receivable")
        return report.report_action(rows.ids)
