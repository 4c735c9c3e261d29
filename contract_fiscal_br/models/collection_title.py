from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

from ..const import LIVE_STATES
from ..tools.money import to_decimal
from ..tools.slip_pdf import render_slips
from .big_integer import BigInteger

# Printed on every boleto, whoever prints it; any bank takes a registered one.
PLACE_OF_PAYMENT = "Pagável em qualquer banco"


class CollectionTitle(models.Model):
    """What the bank collects for an invoice: a boleto, registered or not.

    Numbers, barcode and terms stay as they were issued, whatever becomes of
    the account or the invoice.
    """

    _name = "collection.title"
    _description = "Collection Title"
    # readers may write notes; the terms change by buttons alone
    _mail_post_access = "read"
    _inherit = "mail.thread"
    _order = "due_date desc, id desc"
    _rec_name = "nosso_numero_full"
    _rec_names_search = ["nosso_numero", "nosso_numero_full", "document_number"]

    account_id = fields.Many2one(
        "collection.account", required=True, readonly=True, index=True
    )
    bank = fields.Selection(related="account_id.bank", store=True)
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    residual = fields.Monetary(
        string="Open", related="move_id.amount_residual", readonly=True
    )
    amount = fields.Monetary(required=True, readonly=True, tracking=True)
    due_date = fields.Date(required=True, readonly=True, index=True, tracking=True)
    issue_date = fields.Date(required=True, readonly=True)
    document_number = fields.Char(required=True, readonly=True)
    nosso_numero = fields.Char(
        string="Nosso Número",
        required=True,
        readonly=True,
        help="The bank's number of the title, without check digit.",
    )
    nosso_numero_int = BigInteger(
        compute="_compute_nosso_numero_int", store=True, precompute=True
    )
    nosso_numero_full = fields.Char(
        string="Nosso Número (as printed)", readonly=True, index="trigram"
    )
    barcode = fields.Char(readonly=True, help="The 44 digits of the barcode.")
    digitable_line = fields.Char(string="Linha Digitável", readonly=True)
    txid = fields.Char(
        string="Pix Transaction",
        readonly=True,
        help="Identifies the Pix charge at the bank (txid).",
    )
    instruction_ids = fields.One2many(
        "collection.instruction", "title_id", readonly=True
    )
    event_ids = fields.One2many("collection.event", "title_id", readonly=True)
    write_off_days = fields.Integer(readonly=True)
    protest_days = fields.Integer(readonly=True)
    late_fee_percent = fields.Float(string="Fine (%)", readonly=True)
    late_interest_percent = fields.Float(string="Interest a Month (%)", readonly=True)
    pix_copy_paste = fields.Char(
        string="Pix Copy and Paste",
        readonly=True,
        help="What the bank returned; paying it settles the title.",
    )
    state = fields.Selection(
        [
            ("draft", "Issued"),
            ("to_register", "To register"),
            ("sent", "Sent to the bank"),
            ("registered", "Registered"),
            ("paid", "Paid"),
            ("written_off", "Written off"),
            ("rejected", "Rejected"),
            ("cancelled", "Void"),
            ("protested", "Protested"),
        ],
        default="to_register",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )

    withdrawal = fields.Selection(
        [
            ("settled", "Invoice settled or cancelled"),
            ("replaced", "Replaced by another"),
            ("by_hand", "By hand"),
        ],
        string="Taken Back",
        readonly=True,
        tracking=True,
        help="Nobody is to pay this any more; until the bank confirms the write-off it "
        "still could be paid.",
    )
    followed_amount = fields.Monetary(
        readonly=True, help="What was open of the invoice when the amount was set."
    )
    is_updated = fields.Boolean(
        string="With Fine and Interest",
        readonly=True,
        help="The amount contains fine and interest until the due date (segunda via "
        "atualizada).",
    )

    _nosso_numero_unique = models.UniqueIndex(
        "(account_id, nosso_numero)", "This nosso número is used already."
    )
    _txid_unique = models.UniqueIndex(
        "(account_id, txid) WHERE txid IS NOT NULL",
        "This Pix transaction is used already.",
    )
    _one_live_title = models.UniqueIndex(
        "(move_id) WHERE state IN ('draft', 'to_register', 'sent', 'registered', "
        "'protested') AND withdrawal IS NULL",
        "This invoice has a boleto already.",
    )

    @api.depends("nosso_numero")
    def _compute_nosso_numero_int(self):
        for title in self:
            title.nosso_numero_int = int(title.nosso_numero or 0)

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A title is never deleted. Cancel it: the bank may know it.")
        )

    # === ISSUING ===

    @api.model
    def _issue(self, moves, issue_date, **values):
        """Return one new title for each invoice, numbered and with its barcode.

        :param moves: posted invoices with a collection account and no current title
        :param values: of the titles, in the place of what the invoice gives
        :raise UserError: what the bank would refuse
        """
        moves = moves.sudo().browse(moves.ids)  # all of them read together
        for obstacle in self._get_issue_obstacles(moves).values():
            raise UserError(obstacle)
        # a title cancelled just before must make room in the unique index first
        self.flush_model(["state", "withdrawal"])
        titles = self.sudo().browse()
        for account, same_account in moves.grouped("collection_account_id").items():
            account._get_backend()._check_account(account)
            numbers = account._take_nosso_numeros(len(same_account), issue_date)
            titles |= titles.create(
                [
                    self._prepare_title(account, move, number, issue_date) | values
                    for move, number in zip(same_account, numbers, strict=True)
                ]
            )
        titles._compose()
        titles._instruct("register")
        return self.browse(titles.ids)

    @api.model
    def _prepare_title(self, account, move, number, issue_date):
        contract = move.contract_charge_ids.contract_id[:1]
        return {
            "account_id": account.id,
            "move_id": move.id,
            "partner_id": move.commercial_partner_id.id,
            "amount": move.amount_residual,
            "followed_amount": move.amount_residual,
            "due_date": self._get_registrable_date(move.invoice_date_due, issue_date),
            "issue_date": issue_date,
            "document_number": self._get_document_number(move),
            "nosso_numero": str(number),
            "write_off_days": account.write_off_days,
            "protest_days": account.protest_days,
            **self._prepare_late_terms(contract),
        }

    @api.model
    def _get_registrable_date(self, due_date, issue_date):
        """Return the due date; where the first file banks take would come after it,
        the bank day until which it may be paid without fine and interest all the same.
        """
        if due_date >= next_bank_day(issue_date):
            return due_date
        return next_bank_day(due_date)

    @api.model
    def _prepare_late_terms(self, contract):
        """Return fine and interest as the bank will charge them."""
        return {
            "late_fee_percent": contract.late_fee_percent,
            "late_interest_percent": contract.late_interest_percent,
        }

    @api.model
    def _get_document_number(self, move):
        """Return the invoice's number, of which a boleto prints 15 characters."""
        return (move.name or "").replace("/", "")[-15:]

    def _compose(self):
        """Write number and barcode of boletos as the bank composes them."""
        for title in self.filtered(lambda title: title._is_boleto()):
            driver = title.account_id._get_driver()
            slip = driver._get_slip(title)
            title.write(
                {
                    "nosso_numero_full": driver._get_full_nosso_numero(slip),
                    "barcode": slip.codigo_barras,
                    "digitable_line": slip.linha_digitavel,
                }
            )

    # === PRINTING ===

    def _render_pdf(self):
        """Return the boletos as a PDF, with the numbers they were issued with."""
        return render_slips([title._get_slip_context() for title in self])

    def _get_slip_context(self):
        """Return what a slip prints.

        :raise UserError: it would not be the one that was issued
        """
        self.ensure_one()
        context = self.account_id._get_driver()._get_print_context(self)
        if context["codigo_barras"] != self.barcode:
            raise UserError(
                self.env._(
                    "%(account)s was changed since boleto %(title)s was issued: it "
                    "would print another barcode. Cancel the boleto and issue it "
                    "again.",
                    account=self.account_id.name,
                    title=self.nosso_numero_full,
                )
            )
        return context | {
            "local_pagamento": PLACE_OF_PAYMENT,
            "pix_code": self.pix_code,
            "is_pix_static": self.is_pix_static,
        }

    def _get_instructions(self):
        """Return the lines printed for the cashier: the terms, then the account's."""
        self.ensure_one()
        title = self.with_context(lang=self._get_print_language())
        lines = (title.account_id.instructions or "").splitlines()
        return [
            *title._describe_terms(),
            *(line for line in lines if line.strip()),
        ]

    @api.model
    def _get_print_language(self):
        """Return Portuguese where it is installed: a boleto is a Brazilian paper."""
        return "pt_BR" if self.env["res.lang"]._get_data(code="pt_BR") else None

    def _describe_terms(self):
        """Return the terms the title was issued with, in words."""
        if self.is_updated:
            return [
                self.env._("Fine and interest until the due date are contained."),
                self.env._("Not to be received after the due date."),
            ]
        lines = []
        if self.late_fee_percent or self.late_interest_percent:
            lines.append(
                self.env._(
                    "After the due date: fine of %(fine)s%% and interest of "
                    "%(interest)s%% a month.",
                    fine=self._format_percent(self.late_fee_percent),
                    interest=self._format_percent(self.late_interest_percent),
                )
            )
        if self.protest_days:
            lines.append(
                self.env._(
                    "Protest %(days)s days after the due date.", days=self.protest_days
                )
            )
        if self.write_off_days:
            lines.append(
                self.env._(
                    "Not to be received %(days)s days after the due date.",
                    days=self.write_off_days,
                )
            )
        return lines

    @api.model
    def _format_percent(self, percent):
        return formatLang(self.env, percent, digits=2)

    def _get_amount_decimal(self):
        self.ensure_one()
        return to_decimal(self.amount)

    @api.model
    def _format_address(self, partner):
        """Return the address in one line, as the boleto prints it."""
        parts = (
            partner.street,
            partner.street2,
            partner.zip,
            partner.city,
            partner.state_id.code,
        )
        return ", ".join(filter(None, parts))

    # === BANK ===

    def _instruct(self, kind, **values):
        """Ask the bank for something: the account's backend sees to it.

        :param values: of `collection.instruction`
        """
        instructions = self.env["collection.instruction"].sudo()
        for account, titles in self.grouped("account_id").items():
            asked = instructions._request(titles, kind, **values)
            account._get_backend()._instruct(asked)
            instructions |= asked
        return instructions

    # === STATE ===

    def _is_boleto(self):
        self.ensure_one()
        return self.account_id._is_boleto_account()

    def _is_live(self):
        """Return whether the title can still be paid at the bank."""
        self.ensure_one()
        return self.state in LIVE_STATES

    def _is_current(self):
        """Return whether the title is the one its invoice is to be paid by."""
        self.ensure_one()
        return self._is_live() and not self.withdrawal
