from stdnum.br import cnpj, cpf

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.contract_recurring.permission import check_permission

from ..tools.debit_reference import make_client_id

BILLING_GROUP = "contract_recurring.group_contract_billing"
# What the buttons and the bank's files write; nobody else does.
PROTECTED = frozenset(
    {"state", "origin", "authorised_on", "ended_on", "reason", "company_id"}
)
# What the payer signed, or the bank knows.
AGREED = frozenset({"account_id", "contract_id", "debit_code", "term", "term_name"})


class DirectDebitAuthorization(models.Model):
    """A payer lets the bank debit the invoices of a contract (*débito automático*).

    The payer may be somebody else than the holder. Its state follows the bank's files,
    or a term the payer signed with the company; it is never deleted.
    """

    _name = "direct.debit.authorization"
    _description = "Direct Debit Authorisation"
    _inherit = "payment.consent.mixin"
    _rec_name = "debit_code"
    _rec_names_search = ["debit_code", "payer_name", "contract_id.code"]

    _live_states = ("waiting", "authorised")
    _backend = "cnab_debit"

    partner_id = fields.Many2one(string="Holder")
    account_id = fields.Many2one(
        domain="[('backend', '=', 'cnab_debit')]",
        help="The bank of the payer: debits work within one bank alone.",
    )
    bank = fields.Selection(related="account_id.bank", store=True)
    debit_code = fields.Char(
        copy=False,
        tracking=True,
        help="Identification of the customer at the company (código de débito): what "
        "the customer tells the bank. Empty: the next one is taken.",
    )
    branch = fields.Char(
        groups=BILLING_GROUP, help="Number of the payer's branch, four digits."
    )
    bank_account = fields.Char(
        string="Account",
        groups=BILLING_GROUP,
        help="Of the payer, with its digit, as the bank wants it in debits.",
    )
    account_masked = fields.Char(
        string="Branch and Account",
        compute="_compute_account_masked",
        compute_sudo=True,
        store=True,
        tracking=True,
    )
    payer_name = fields.Char(
        required=True,
        compute="_compute_payer",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Whose account it is; somebody else than the holder is possible.",
    )
    payer_vat = fields.Char(
        string="Payer's CPF or CNPJ",
        compute="_compute_payer",
        store=True,
        readonly=False,
        precompute=True,
    )
    payer_vat_masked = fields.Char(
        string="Payer's CPF or CNPJ (Masked)",
        compute="_compute_payer_vat_masked",
        compute_sudo=True,
        store=True,
        tracking=True,
        help="What the history keeps of it.",
    )
    is_third_party = fields.Boolean(
        string="Paid by Somebody Else",
        compute="_compute_is_third_party",
        store=True,
        help="The payer is not the holder of the contract.",
    )
    origin = fields.Selection(
        [("bank", "At the bank"), ("company", "Term signed with the company")],
        help="Where the payer agreed.",
        tracking=True,
    )
    authorised_on = fields.Date(tracking=True)
    term = fields.Binary(
        string="Signed Term",
        attachment=True,
        groups=BILLING_GROUP,
        help="The authorisation the payer signed; kept as evidence.",
    )
    term_name = fields.Char(groups=BILLING_GROUP)
    state = fields.Selection(
        [
            ("waiting", "Waiting for the payer"),
            ("authorised", "Authorised"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    title_ids = fields.One2many(
        "collection.title", "debit_authorization_id", readonly=True
    )
    title_count = fields.Integer(compute="_compute_title_count")

    _one_live = models.UniqueIndex(
        "(contract_id) WHERE state IN ('waiting', 'authorised')",
        "The contract has a direct debit authorisation already. Cancel it first.",
    )
    _code_unique = models.UniqueIndex(
        "(account_id, debit_code)", "This debit code belongs to another contract."
    )

    # === COMPUTES ===

    @api.depends("branch", "bank_account")
    def _compute_account_masked(self):
        for authorization in self:
            parts = (authorization.branch, 2), (authorization.bank_account, 3)
            authorization.account_masked = " / ".join(
                self._mask(text, shown) for text, shown in parts if text
            )

    def _compute_title_count(self):
        counts = dict(
            self.env["collection.title"]._read_group(
                [("debit_authorization_id", "in", self.ids)],
                ["debit_authorization_id"],
                ["__count"],
            )
        )
        for authorization in self:
            authorization.title_count = counts.get(authorization, 0)

    @api.model
    def _mask(self, text, shown):
        """Return a text of which only the last characters are readable."""
        return "•" * max(len(text) - shown, 3) + text[-shown:]

    @api.depends("contract_id")
    def _compute_payer(self):
        for authorization in self:
            holder = authorization.contract_id.partner_id.commercial_partner_id
            authorization.payer_name = authorization.payer_name or holder.name
            authorization.payer_vat = authorization.payer_vat or self._format_vat(
                holder.vat
            )

    @api.depends("payer_vat")
    def _compute_payer_vat_masked(self):
        for authorization in self:
            vat = authorization._compact_vat(authorization.payer_vat)
            authorization.payer_vat_masked = vat and self._mask(vat, 2)

    @api.depends("payer_vat", "contract_id.partner_id.vat")
    def _compute_is_third_party(self):
        for authorization in self:
            holder = authorization.contract_id.partner_id.commercial_partner_id
            payer = self._compact_vat(authorization.payer_vat)
            authorization.is_third_party = bool(
                payer and payer != self._compact_vat(holder.vat)
            )

    @api.model
    def _format_vat(self, vat):
        """Return a CPF or CNPJ with its points; anything else as it is."""
        for document in (cpf, cnpj):
            if document.is_valid(vat or ""):
                return document.format(vat)
        return vat

    @api.model
    def _compact_vat(self, vat):
        return "".join(char for char in vat or "" if char.isalnum()).upper()

    # === CONSTRAINTS ===

    @api.constrains("payer_vat")
    def _check_payer_vat(self):
        for authorization in self.filtered("payer_vat"):
            vat = authorization.payer_vat
            if not (cpf.is_valid(vat) or cnpj.is_valid(vat)):
                raise ValidationError(
                    self.env._(
                        "“%(vat)s” is no valid CPF or CNPJ of the payer %(payer)s. "
                        "Check its digits.",
                        vat=vat,
                        payer=authorization.payer_name,
                    )
                )

    @api.constrains("branch", "bank_account", "debit_code")
    def _check_characters(self):
        for authorization in self.sudo():
            for name, width in (("branch", 4), ("bank_account", 14)):
                value = authorization[name]
                if value and not (
                    len(value) <= width and value.isascii() and value.isalnum()
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” takes up to %(width)s digits or letters, "
                            "without points or dashes.",
                            field=self._fields[name]._description_string(self.env),
                            width=width,
                        )
                    )
            code = authorization.debit_code
            if code and not (len(code) <= 25 and code.isascii() and code.isalnum()):
                raise ValidationError(
                    self.env._("A debit code takes up to 25 digits or letters.")
                )

    @api.constrains("account_id")
    def _check_account(self):
        for authorization in self:
            if authorization.account_id.backend != "cnab_debit":
                raise ValidationError(
                    self.env._(
                        "%(account)s does not collect by direct debit. Choose an "
                        "account whose way to the bank is direct debit.",
                        account=authorization.account_id.name,
                    )
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        """Give each a debit code of its account, unless it brings one."""
        for vals in vals_list:
            if not self.env.su:
                for name in PROTECTED & vals.keys():
                    vals.pop(name)
            account = self._get_account_of(vals)
            if account and not vals.get("debit_code"):
                number = account.sudo()._take_number("next_debit_code")
                vals["debit_code"] = make_client_id(number)
        return super().create(vals_list)

    def write(self, vals):
        if PROTECTED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("The state changes by the buttons of the screen alone.")
            )
        if AGREED & vals.keys() and any(a.state != "waiting" for a in self):
            raise UserError(
                self.env._(
                    "Bank, contract, debit code and signed term of an authorisation "
                    "stay as they were agreed. Cancel it and make another one."
                )
            )
        result = super().write(vals)
        self.check_access("write")  # it may have gone to another company
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("An authorisation is never deleted. Cancel it instead.")
        )

    # === ACTIONS ===

    def action_authorise(self):
        """The payer signed a term with the company: debits may go to the bank."""
        self._check_may_change("waiting")
        for authorization in self:
            if not authorization.term:
                raise UserError(
                    self.env._(
                        "Attach the term that %(payer)s signed; without it only the "
                        "bank can register the authorisation.",
                        payer=authorization.payer_name,
                    )
                )
            authorization._check_complete()
        for company, same in self.grouped("company_id").items():
            same.sudo()._authorise("company", company._get_local_date())

    def action_cancel(self):
        """End authorisations; the bank is told by the next remittance."""
        self._check_may_change(*self._live_states)
        for company, same in self.grouped("company_id").items():
            same.sudo()._cancel(
                company._get_local_date(), self.env._("Cancelled by the company")
            )

    def action_view_titles(self):
        return self._view_titles("debit_authorization_id")

    def action_offer_again(self):
        """Open another authorisation of the contract whose last one has ended."""
        self.ensure_one()
        check_permission(self.env, BILLING_GROUP)
        return self.contract_id.action_offer_direct_debit()

    def _check_may_change(self, *states):
        check_permission(self.env, BILLING_GROUP)
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for authorization in self:
            if authorization.state not in states:
                raise UserError(
                    self.env._(
                        "%(code)s is “%(state)s” already. Reload the page.",
                        code=authorization.debit_code,
                        state=labels[authorization.state],
                    )
                )

    def _check_complete(self):
        """Raise unless a debit could be written for it."""
        self.ensure_one()
        own = self.sudo()
        for name in ("branch", "bank_account", "payer_vat"):
            if not own[name]:
                raise UserError(
                    self.env._(
                        "Enter “%(field)s” of the payer %(payer)s first.",
                        field=self._fields[name]._description_string(self.env),
                        payer=self.payer_name,
                    )
                )

    # === BUSINESS ===

    def _authorise(self, origin, day, **values):
        """Note that the payer agreed."""
        self.write(
            {
                "state": "authorised",
                "origin": origin,
                "authorised_on": day,
                "ended_on": False,
                "reason": False,
                **values,
            }
        )

    def _cancel(self, day, reason, state="cancelled", is_bank_told=True):
        """End authorisations; what was to be debited is collected otherwise.

        :param is_bank_told: the bank has to hear of it with the next remittance
        """
        known = self.filtered(lambda a: a.state == "authorised")
        self.write({"state": state, "ended_on": day, "reason": reason})
        if is_bank_told:
            self.env["direct.debit.message"]._request_exclusion(known, reason)
        for authorization in self:
            authorization._collect_otherwise(day)

    def _collect_otherwise(self, day):
        """Take back debits the bank has not got yet; their invoices get a boleto."""
        self.ensure_one()
        titles = self.env["collection.title"].search(
            [
                ("debit_authorization_id", "=", self.id),
                ("state", "=", "to_register"),
            ]
        )
        for title in titles:
            title._withdraw_debit(self.reason)
            title.move_id._fall_back_from_debit(day)
