from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from ..const import GENERATION_TYPE


class ContractContract(models.Model):
    """What the contract owes next: one calculation for preview, run and dates."""

    _inherit = "contract.contract"

    charge_ids = fields.One2many("contract.charge", "contract_id")
    charge_count = fields.Integer(compute="_compute_charge_count")
    due_status = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("today", "Due today"),
            ("tomorrow", "Due tomorrow"),
            ("open", "To be paid"),
            ("clear", "Nothing open"),
        ],
        compute="_compute_due_status",
        search="_search_due_status",
        help="The oldest open invoice of the contract.",
    )
    open_due_date = fields.Date(
        string="Oldest Open Due Date", compute="_compute_due_status"
    )
    open_amount = fields.Monetary(compute="_compute_due_status")

    def _compute_charge_count(self):
        counts = dict(
            self.env["contract.charge"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.charge_count = counts.get(contract, 0)

    def _compute_due_status(self):
        today = fields.Date.context_today(self)
        open_bills = {
            contract.id: (due_date, amount)
            for contract, due_date, amount in self._read_open_charges()
        }
        for contract in self:
            due_date, amount = open_bills.get(contract.id, (False, 0.0))
            contract.open_due_date = due_date
            contract.open_amount = amount
            contract.due_status = self._get_due_status(due_date, today)

    def _search_due_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        bills = self.env["contract.contract"]._read_open_charges()
        by_status = {}
        for contract, due_date, _amount in bills:
            status = self._get_due_status(due_date, today)
            by_status.setdefault(status, []).append(contract.id)
        wanted = [i for status in value for i in by_status.get(status, [])]
        domain = Domain("id", "in", wanted)
        if "clear" in value:
            with_bills = [contract.id for contract, _date, _amount in bills]
            domain |= Domain("id", "not in", with_bills)
        return domain

    def _read_open_charges(self):
        """Return (contract, oldest due date, amount) of unpaid invoices.

        Of all contracts where ``self`` is empty. The date is the invoice's:
        what its customer was told.
        """
        domain = (
            Domain("move_id.state", "=", "posted")
            & Domain("move_id.payment_state", "in", ("not_paid", "partial"))
            & Domain("move_id.move_type", "=", "out_invoice")
        )
        if self:
            domain &= Domain("contract_id", "in", self.ids)
        return (
            self.env["contract.charge"]
            .sudo()  # who may read a contract may know what is open on it
            ._read_group(domain, ["contract_id"], ["due_date:min", "amount:sum"])
        )

    @api.depends("contract_line_ids.recurring_next_date", "generation_type")
    def _compute_recurring_next_date(self):
        """Follow the lines, and stop when they do."""
        ours = self.filtered(lambda c: c.generation_type == GENERATION_TYPE)
        for contract in ours:
            dates = contract.contract_line_ids.filtered(
                lambda line: line._is_billable() and line.recurring_next_date
            ).mapped("recurring_next_date")
            contract.recurring_next_date = min(dates, default=False)
        return super(ContractContract, self - ours)._compute_recurring_next_date()

    def _get_due_status(self, due_date, today):
        if not due_date:
            return "clear"
        days = (due_date - today).days
        if days < 0:
            return "overdue"
        return {0: "today", 1: "tomorrow"}.get(days, "open")

    # === ACTIONS ===

    def action_view_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_charge_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"search_default_live": 1}
        return action

    # === CALCULATION ===

    def _prepare_charges(self, due_from, due_until):
        """Return the values of the charges that fall due and are not in the ledger.

        :param due_from: what was due before and never charged is due with the
            contract's first due date from here on
        :return: {contract: [values of contract.charge]}, oldest period first
        """
        prepared = {}
        for contract in self:
            drafts = [
                (line, draft)
                for line in contract.contract_line_ids
                for draft in line._get_charges_due(due_until)
            ]
            late = [draft.due_date for _line, draft in drafts]
            first_due = min((day for day in late if day >= due_from), default=due_from)
            prepared[contract] = [
                contract._prepare_due_charge(line, draft, first_due)
                for line, draft in drafts
            ]
        return prepared

    def _prepare_due_charge(self, line, draft, first_due):
        """Return the values of the charge of a period, due no earlier than a date."""
        self.ensure_one()
        return line._prepare_charge(draft, max(draft.due_date, first_due))

    def _search_pending_charges(self, due_until):
        """Return the charges in the ledger that wait for an invoice."""
        return self.env["contract.charge"].search(
            [
                ("contract_id", "in", self.ids),
                ("state", "=", "pending"),
                ("due_date", "<=", due_until),
            ]
        )

    def _get_previous_prices(self, before):
        """Return what a whole period cost when last billed before a day.

        Fees and the first days' pro-rata are left out: they would make every
        second invoice look suspicious.

        :return: {contract: amount}; contracts never billed so are left out
        """
        self.env["contract.charge"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contract_id, SUM(amount)
                  FROM (SELECT contract_id, amount, due_date,
                               MAX(due_date) OVER (PARTITION BY contract_id) AS last
                          FROM contract_charge
                         WHERE contract_id = ANY(%s) AND due_date < %s
                           AND state = 'billed' AND kind = 'recurring') AS charge
                 WHERE due_date = last
                 GROUP BY contract_id
                """,
                self.ids,
                before,
            )
        )
        return {self.browse(contract_id): float(amount) for contract_id, amount in rows}

    def _create_charges(self, vals_list):
        """Enter charges for periods and let the lines' dates follow."""
        charges = self.env["contract.charge"].create(vals_list)
        ends = {}
        for charge in charges:
            line = charge.contract_line_id
            ends[line] = max(ends.get(line, charge.period_end), charge.period_end)
        lines = self.env["contract.line"].union(*ends)
        for day, same_day in lines.grouped(ends.get).items():
            same_day.write({"last_date_invoiced": day})
        return charges

    def _enter_due_charges(self, due_from, due_until, day=None):
        """Enter what falls due in the ledger; return all that waits for an invoice.

        :param day: on which it is billed; the first due date unless given
        """
        prepared = self._prepare_charges(due_from, due_until)
        charges = self._search_pending_charges(due_until)
        charges |= self._create_charges(
            [vals for drafts in prepared.values() for vals in drafts]
        )
        charges = charges.filtered(lambda charge: charge.state == "pending")
        charges._join_next_due_date(due_from)
        return charges

    def _charge_activation_fee(self, day):
        """Enter the activation fee, due with the contract's first invoice."""
        self.ensure_one()
        if self.currency_id.is_zero(self.activation_fee):
            return self.env["contract.charge"]
        product = self.activation_product_id
        if not product:
            raise UserError(
                self.env._(
                    "%(contract)s has an activation fee but no product for it. "
                    "Choose one on the plan.",
                    contract=self.display_name,
                )
            )
        return (
            self.env["contract.charge"]
            .sudo()
            .create(
                {
                    "contract_id": self.id,
                    "partner_id": self.partner_id.id,
                    "kind": "activation",
                    "product_id": product.id,
                    "period_start": day,
                    "period_end": day,
                    "due_date": self.recurring_next_date or day,
                    "price_unit": self.activation_fee,
                    "currency_id": self.currency_id.id,
                    "amount": self.activation_fee,
                    "explanation": {
                        "rule": "activation",
                        "inputs": {"date": day.isoformat()},
                    },
                }
            )
        )

    def _preview_first_invoice(self, activation):
        """Return, in words, what the first invoice would charge."""
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: line._is_billable())
        first_day = self._get_first_charged_day(activation)
        drafts = [
            (line, draft)
            for line in lines
            for draft in line._get_first_charges(first_day)
        ]
        rows = [
            self.env._(
                "%(due)s: %(product)s, %(start)s to %(end)s, %(amount)s",
                due=format_date(self.env, draft.due_date),
                product=line.name.splitlines()[0],
                start=format_date(self.env, draft.start),
                end=format_date(self.env, draft.end),
                amount=format_amount(self.env, float(draft.amount), self.currency_id),
            )
            for line, draft in drafts
        ]
        if self.activation_fee:
            rows.append(
                self.env._(
                    "Activation fee, %(amount)s",
                    amount=format_amount(
                        self.env, self.activation_fee, self.currency_id
                    ),
                )
            )
        return "\n".join(rows)

    # === WHAT KEEPS A CONTRACT FROM BEING BILLED ===

    def _get_billing_obstacles(self):
        """Return {contract: why it cannot be billed}, in the user's words."""
        countries = {
            company: company._get_fiscal_position_countries()
            for company in self.company_id
        }
        obstacles = {
            contract: contract._get_billing_obstacle(countries[contract.company_id])
            for contract in self
        }
        return {contract: why for contract, why in obstacles.items() if why}

    def _get_billing_obstacle(self, fiscal_countries):
        """Return why the contract cannot be billed, in the user's words, or None.

        :param fiscal_countries: where fiscal positions choose themselves
        """
        self.ensure_one()
        if not self.partner_id.active or not self.invoice_partner_id.active:
            return self.env._(
                "The customer %(customer)s is archived. Restore the customer or "
                "close the contract.",
                customer=self.invoice_partner_id.name or self.partner_id.name,
            )
        if not self.journal_id:
            return self.env._("The contract has no sales journal. Choose one.")
        if self._misses_fiscal_position(fiscal_countries):
            return self.env._(
                "No fiscal position fits %(customer)s. Fill in the CPF or CNPJ and "
                "the state of the customer, or choose one on the contract.",
                customer=self.partner_id.name,
            )
        for line in self.contract_line_ids.filtered(lambda line: line._is_billable()):
            obstacle = line._get_billing_obstacle()
            if obstacle:
                return obstacle
        return None

    def _misses_fiscal_position(self, fiscal_countries):
        """Return whether the company's own country has fiscal positions that
        choose themselves, and none of them fitted this customer."""
        self.ensure_one()
        position = self.fiscal_position_id
        if position:
            return not position.active
        country = self.company_id.account_fiscal_country_id
        no_country = self.env["res.country"]
        return country in fiscal_countries and (
            self.partner_id.country_id in (country, no_country)
        )
