import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.pix_automatic import LAST_DAYS_AHEAD, get_period
from ..tools.pix_page import draw_qr

BILLING = "contract_recurring.group_contract_billing"
# API Pix: `vinculo.contrato` and `vinculo.objeto`.
LONGEST_TEXT = 35
# What the bank says, and what the customer is asked to agree to.
PROTECTED = {
    "state",
    "recurrence_number",
    "request_number",
    "location_number",
    "pix_copy_paste",
    "approved_on",
    "ended_on",
    "reason",
    "is_uncertain",
    "message",
    "company_id",
    "partner_id",
}
TERMS = {
    "contract_id",
    "account_id",
    "subject",
    "period",
    "date_start",
    "date_end",
    "is_fixed",
    "amount",
    "amount_minimum",
    "retry_policy",
    "journey",
}
PERIODS = [
    ("SEMANAL", "Weekly"),
    ("MENSAL", "Monthly"),
    ("TRIMESTRAL", "Quarterly"),
    ("SEMESTRAL", "Half-yearly"),
    ("ANUAL", "Yearly"),
]


class PixMandate(models.Model):
    """A customer lets the bank pay the invoices of a contract (*Pix Automático*).

    The customer says yes in the app of the own bank. Its states are the Banco
    Central's; the bank's word alone changes them.
    """

    _name = "pix.mandate"
    _description = "Pix Automático"
    _inherit = "payment.consent.mixin"
    _rec_names_search = ["contract_id.code", "recurrence_number", "partner_id.name"]

    _live_states = ("draft", "created", "approved")
    _backend = "pix_automatic"

    partner_id = fields.Many2one(string="Payer")
    account_id = fields.Many2one(domain="[('backend', '=', 'pix_automatic')]")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "To create"),
            ("created", "Waiting for the customer"),
            ("approved", "Approved"),
            ("rejected", "Refused"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    journey = fields.Selection(
        [
            ("2", "QR code"),
            ("3", "QR code of the open invoice: paying it agrees"),
            ("4", "QR code of the open invoice: paying it, agreeing is asked"),
            ("1", "Request in the app of the customer's bank"),
        ],
        string="Way to Agree",
        default="2",
        required=True,
        help="How the customer is asked (jornadas of the Banco Central).",
    )
    subject = fields.Char(
        required=True,
        size=LONGEST_TEXT,
        help="What the customer reads in the app, up to 35 characters.",
    )
    period = fields.Selection(
        PERIODS,
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_start = fields.Date(
        string="First Charge", required=True, help="Estimated day of the first debit."
    )
    date_end = fields.Date(string="Until", help="Empty: without an end.")
    is_fixed = fields.Boolean(
        string="Fixed Amount",
        tracking=True,
        help="Every charge is of the same amount; others are collected otherwise.",
    )
    amount = fields.Monetary(tracking=True, help="Of each charge.")
    amount_minimum = fields.Monetary(
        string="Least Limit",
        tracking=True,
        help="A customer who limits the charges cannot choose a lower limit; 0: any.",
    )
    retry_policy = fields.Selection(
        [
            ("PERMITE_3R_7D", "Up to 3 times within 7 days"),
            ("NAO_PERMITE", "Never"),
        ],
        string="Try Again",
        default="PERMITE_3R_7D",
        required=True,
        help="When the customer has no money on the day of the debit.",
    )
    payer_ispb = fields.Char(
        string="Customer's Bank (ISPB)", size=8, help="Eight digits."
    )
    payer_branch = fields.Char(string="Customer's Branch", groups=BILLING)
    payer_account = fields.Char(string="Customer's Account", groups=BILLING)
    recurrence_number = fields.Char(
        string="Number at the Bank",
        readonly=True,
        copy=False,
        index=True,
        help="idRec of the Pix.",
    )
    request_number = fields.Char(readonly=True, copy=False)
    location_number = fields.Char(readonly=True, copy=False)
    pix_copy_paste = fields.Char(string="Pix Copy and Paste", readonly=True, copy=False)
    pix_qr = fields.Binary(string="QR Code", compute="_compute_pix_qr")
    approved_on = fields.Date(readonly=True, copy=False, tracking=True)
    message = fields.Char(string="Problem with the Bank", readonly=True, copy=False)
    title_ids = fields.One2many("collection.title", "pix_mandate_id", readonly=True)
    title_count = fields.Integer(compute="_compute_title_count")

    _one_live = models.UniqueIndex(
        "(contract_id) WHERE state IN ('draft', 'created', 'approved')",
        "Pix Automático was offered for this contract already. Cancel that first.",
    )
    _number_unique = models.UniqueIndex(
        "(account_id, recurrence_number) WHERE recurrence_number IS NOT NULL",
        "The bank's number is used already.",
    )

    # === COMPUTES ===

    @api.depends("contract_id", "recurrence_number")
    def _compute_display_name(self):
        for mandate in self:
            code = mandate.contract_id.code or mandate.contract_id.name or ""
            mandate.display_name = f"Pix Automático {code}".strip()

    @api.depends("contract_id")
    def _compute_period(self):
        for mandate in self:
            line = mandate.contract_id.contract_line_ids[:1]
            mandate.period = mandate.period or get_period(
                line.recurring_rule_type, line.recurring_interval
            )

    @api.depends("pix_copy_paste")
    def _compute_pix_qr(self):
        for mandate in self:
            code = mandate.pix_copy_paste
            mandate.pix_qr = code and base64.b64encode(draw_qr(code))

    def _compute_title_count(self):
        counts = dict(
            self.env["collection.title"]._read_group(
                [("pix_mandate_id", "in", self.ids)], ["pix_mandate_id"], ["__count"]
            )
        )
        for mandate in self:
            mandate.title_count = counts.get(mandate, 0)

    # === CONSTRAINTS ===

    @api.constrains("is_fixed", "amount", "amount_minimum")
    def _check_amounts(self):
        for mandate in self:
            if mandate.is_fixed and mandate.amount <= 0:
                raise ValidationError(self.env._("A fixed amount is more than zero."))
            if mandate.amount_minimum < 0:
                raise ValidationError(self.env._("The least limit is not below zero."))

    @api.constrains("journey", "payer_ispb", "payer_account")
    def _check_payer_bank(self):
        for mandate in self.sudo().filtered(lambda m: m.journey == "1"):
            ispb = mandate.payer_ispb or ""
            if not (len(ispb) == 8 and ispb.isdecimal() and mandate.payer_account):
                raise ValidationError(
                    self.env._(
                        "A request in the app needs the customer's bank (ISPB, eight "
                        "digits) and account. Or show the QR code."
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for mandate in self.filtered("date_end"):
            if mandate.date_end < mandate.date_start:
                raise ValidationError(
                    self.env._("Pix Automático ends after its first charge.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unknown_to_bank(self):
        if any(mandate.state != "draft" for mandate in self):
            raise UserError(
                self.env._("The bank knows this. Cancel it instead of deleting it.")
            )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        if TERMS & vals.keys() and any(mandate.state != "draft" for mandate in self):
            raise UserError(
                self.env._("The customer was asked already. End it and offer another.")
            )
        result = super().write(vals)
        self.check_access("write")  # it may have gone to another company
        return result

    @api.model
    def _check_protected(self, vals):
        """Raise where somebody writes what the bank alone says."""
        if not self.env.su and PROTECTED & vals.keys():
            raise AccessError(self.env._("The bank alone says what became of it."))

    # === DEFAULTS ===

    @api.model
    def _prepare_offer(self, contract, account):
        """Return the values a new mandate of a contract begins with."""
        today = contract.company_id._get_local_date()
        first = today + timedelta(LAST_DAYS_AHEAD)
        name = contract.contract_template_id.name or contract.name or ""
        return {
            "contract_id": contract.id,
            "account_id": account.id,
            "subject": name[:LONGEST_TEXT],
            "date_start": max(contract.recurring_next_date or first, first),
        }

    @api.onchange("contract_id")
    def _onchange_contract_id(self):
        """Propose what the contract's own button proposes."""
        if self.contract_id and self.account_id and not self.subject:
            offer = self._prepare_offer(self.contract_id, self.account_id)
            self.update({name: offer[name] for name in ("subject", "date_start")})

    # === ACTIONS ===

    def action_offer(self):
        """Create it at the bank; the customer agrees afterwards."""
        self._check_may_offer()
        for mandate in self:
            if mandate.state != "draft":
                raise UserError(self.env._("The bank knows this already."))
            mandate.account_id._check_api()
            mandate._queue_call("create")
        return self.env["collection.account"]._notify(
            self.env._("The bank is being asked. The code appears here in a minute.")
        )

    def action_refresh(self):
        """Ask the bank what became of it."""
        self._check_may_offer()
        self._queue_call("ask")
        return self.env["collection.account"]._notify(
            self.env._("The bank is being asked. Its answer appears here in a minute.")
        )

    def action_cancel(self):
        """End it at the bank; invoices to come are collected otherwise."""
        self._check_may_offer()
        for mandate in self:
            if mandate not in self._filter_live():
                raise UserError(self.env._("This has ended already."))
        unknown = self.filtered(
            lambda m: m.state == "draft" and not m.sudo().is_uncertain
        )
        unknown.sudo()._end(
            "cancelled", self.env._("Withdrawn before the bank knew it")
        )
        asked = self - unknown
        asked._queue_call("cancel")
        if not asked:
            return None
        return self.env["collection.account"]._notify(
            self.env._("The bank is being asked. Its answer appears here in a minute.")
        )

    def action_view_titles(self):
        return self._view_titles("pix_mandate_id")

    def action_offer_again(self):
        """Open another offer of the contract whose last one has ended."""
        self.ensure_one()
        self._check_may_offer()
        return self.contract_id.action_offer_pix_automatic()

    def action_send(self):
        """Send the code to the customer by e-mail."""
        self.ensure_one()
        self._check_may_offer()
        if self.state != "created" or not self.pix_copy_paste:
            raise UserError(self.env._("There is no code to send yet."))
        if not self.partner_id.email:
            raise UserError(
                self.env._("%s has no e-mail address.", self.partner_id.display_name)
            )
        self._send_code()

    @api.model
    def _check_may_offer(self):
        if not self.env.su and not self.env.user.has_group(BILLING):
            raise UserError(
                self.env._("Only those who bill contracts may offer Pix Automático.")
            )
        self.check_access("write")
