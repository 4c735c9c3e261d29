from decimal import Decimal

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..const import OPEN_PAYMENT_STATES
from ..tools.bank_calendar import next_bank_day
from ..tools.instalments import ENTRY, Terms
from ..tools.proration import round_money

# Days until the first instalment that the dialog proposes.
FIRST_DUE_DAYS = 3
SUMS = ("principal", "fine", "interest", "discount", "total")


class ContractRenegotiate(models.TransientModel):
    """Makes an agreement about a debt; shows the plan beforehand."""

    _name = "contract.renegotiate"
    _description = "Renegotiate a Debt"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    contract_ids = fields.Many2many(
        "contract.contract",
        help="Empty: all contracts of the customer.",
    )
    replaces_id = fields.Many2one("contract.debt.agreement", readonly=True)
    scope = fields.Selection(
        [("overdue", "Overdue invoices"), ("all", "All open invoices")],
        string="Renegotiate",
        default="overdue",
        required=True,
    )
    offered_move_ids = fields.Many2many(
        "account.move",
        "contract_renegotiate_offered_rel",
        compute="_compute_offered_move_ids",
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_move_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', 'in', offered_move_ids)]",
    )
    discount_percent = fields.Float(
        string="Discount (%)",
        digits=(16, 2),
        help="Taken off fine and interest; lost when the agreement is broken.",
    )
    entry_amount = fields.Monetary(string="Entry")
    entry_date = fields.Date(
        string="Entry Due On", default=lambda self: self._default_day()
    )
    instalment_count = fields.Integer(string="Instalments", default=3)
    first_due_date = fields.Date(
        default=lambda self: self._default_day() + relativedelta(days=FIRST_DUE_DAYS),
        required=True,
    )
    interval_months = fields.Integer(string="Months Between", default=1)
    reason = fields.Char()
    principal_amount = fields.Monetary(string="Principal", compute="_compute_preview")
    fine_amount = fields.Monetary(string="Fine", compute="_compute_preview")
    interest_amount = fields.Monetary(string="Interest", compute="_compute_preview")
    discount_amount = fields.Monetary(string="Discount", compute="_compute_preview")
    total_amount = fields.Monetary(string="Total", compute="_compute_preview")
    shown_total = fields.Monetary(
        compute="_compute_shown_total",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    obstacle = fields.Text(compute="_compute_preview")

    @api.model
    def _default_day(self):
        return self.env.company._get_local_date()

    @api.model
    def default_get(self, fields_list):
        """Take customer and invoices from the list the dialog is opened on."""
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") != "account.move":
            return values
        moves = self.env["account.move"].browse(self.env.context.get("active_ids", []))
        return values | {
            "partner_id": moves.partner_id.commercial_partner_id[:1].id,
            "company_id": moves.company_id[:1].id,
            "move_ids": [fields.Command.set(moves.ids)],
            "scope": "all",
        }

    # === COMPUTES ===

    @api.depends("partner_id", "contract_ids", "company_id", "scope")
    def _compute_offered_move_ids(self):
        for wizard in self:
            wizard.offered_move_ids = wizard._get_offered_moves()

    @api.depends("partner_id", "contract_ids", "company_id", "scope")
    def _compute_move_ids(self):
        for wizard in self:
            wizard.move_ids = wizard._get_offered_moves()

    @api.depends(
        "move_ids",
        "discount_percent",
        "entry_amount",
        "entry_date",
        "instalment_count",
        "first_due_date",
        "interval_months",
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.update(wizard._read_preview())

    @api.depends("move_ids", "discount_percent")
    def _compute_shown_total(self):
        for wizard in self:
            wizard.shown_total = wizard.total_amount

    def _read_preview(self):
        empty = {f"{name}_amount": 0.0 for name in SUMS}
        try:
            quote = self._quote()
        except UserError as error:
            return empty | {"preview": False, "obstacle": str(error)}
        amounts = {f"{name}_amount": float(getattr(quote, name)) for name in SUMS}
        return amounts | {"preview": self._draw_plan(quote), "obstacle": False}

    def _quote(self):
        """Return the `Quote` of what the dialog says, as `_agree` will."""
        agreements = self.env["contract.debt.agreement"]
        agreements._check_discount(self.company_id, self.discount_percent)
        day = self.company_id._get_local_date()
        return agreements._quote(self.move_ids._origin, self._get_terms(), day)

    def _get_terms(self):
        if not self.first_due_date:
            raise UserError(self.env._("Choose when the first instalment is due."))
        return Terms(
            count=self.instalment_count,
            first_due=self.first_due_date,
            entry=round_money(Decimal(str(self.entry_amount))),
            entry_due=self.entry_date or None,
            months=self.interval_months,
            discount_percent=Decimal(str(self.discount_percent)),
        )

    def _draw_plan(self, quote):
        """Return the instalments as the rows of a table."""
        rows = Markup().join(
            Markup("<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td></tr>")
            % (
                self.env._("Entry") if part.number == ENTRY else part.number,
                format_date(self.env, part.due_date),
                self._format(part.amount),
            )
            for part in quote.instalments
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th class='text-end'>%s</th></tr>") % (
            self.env._("Instalment"),
            self.env._("Due date"),
            self.env._("Amount"),
        )
        total = Markup(
            "<tr><th colspan='2'>%s</th><th class='text-end'>%s</th></tr>"
        ) % (
            self.env._("Total"),
            self._format(quote.total),
        )
        return Markup("<table class='table table-sm mb-0'>%s%s%s</table>") % (
            head,
            rows,
            total,
        )

    def _format(self, amount):
        return format_amount(self.env, float(amount), self.currency_id)

    # === BUSINESS ===

    def _get_offered_moves(self):
        """Return the open invoices that may be renegotiated, the oldest first."""
        self.ensure_one()
        moves = self.env["account.move"]
        if not (self.partner_id and self.company_id):
            return moves
        found = moves.search(self._get_offered_domain(), order="invoice_date_due, id")
        if self.scope == "overdue":
            day = self.company_id._get_local_date()
            found = found.filtered(
                lambda move: day > next_bank_day(move.invoice_date_due)
            )
        return found.filtered(lambda move: not move._get_live_agreement())

    def _get_offered_domain(self):
        partner = self.partner_id._origin.commercial_partner_id or self.partner_id
        domain = (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", OPEN_PAYMENT_STATES)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("commercial_partner_id", "=", partner.id)
            & Domain("contract_charge_ids", "!=", False)
        )
        contracts = self.contract_ids._origin
        if contracts:
            domain &= Domain("contract_charge_ids.contract_id", "in", contracts.ids)
        return domain

    # === ACTIONS ===

    def action_agree(self):
        self.ensure_one()
        self.move_ids.check_access("read")
        self.move_ids.contract_charge_ids.contract_id.check_access("read")
        agreement = self.env["contract.debt.agreement"]._agree(
            self.move_ids,
            self._get_terms(),
            self.company_id._get_local_date(),
            reason=(self.reason or "").strip() or None,
            expected_total=self.shown_total,
            replaces=self.replaces_id,
        )
        return agreement.get_formview_action()
