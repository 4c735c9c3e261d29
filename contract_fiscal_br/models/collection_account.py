from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import BACKENDS, BANKS, BOLETO_BACKENDS, LAYOUTS, LIVE_STATES
from .big_integer import BigInteger

DIGIT_FIELDS = (
    "agency",
    "account_number",
    "agreement",
    "variation",
    "post",
    "id_byte",
    "contract_number",
)


class CollectionAccount(models.Model):
    """An agreement with a bank to collect titles (*carteira de cobrança*)."""

    _name = "collection.account"
    _description = "Collection Account"
    _inherit = "mail.thread"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    bank = fields.Selection(BANKS, required=True, tracking=True)
    backend = fields.Selection(
        BACKENDS,
        string="Way to the Bank",
        default="cnab_file",
        required=True,
        tracking=True,
        help="How titles reach the bank and payments come back.",
    )
    layout = fields.Selection(
        LAYOUTS,
        compute="_compute_layout",
        store=True,
        readonly=False,
        precompute=True,
        help="Layout of the files, as the letter of the bank names it.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank Journal",
        required=True,
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="Where the money arrives.",
    )
    agency = fields.Char(tracking=True, help="Number of the branch, without its digit.")
    agency_digit = fields.Char()
    account_number = fields.Char(
        tracking=True, help="Number of the account, without its digit."
    )
    account_digit = fields.Char()
    wallet = fields.Char(
        string="Wallet (Carteira)",
        tracking=True,
        help="Number of the bank's own product, such as 109 at Itaú or 17 at "
        "Banco do Brasil.",
    )
    agreement = fields.Char(
        string="Agreement (Convênio)",
        tracking=True,
        help="Code the bank gave the company as beneficiary.",
    )
    agreement_digit = fields.Char()
    variation = fields.Char(help="Banco do Brasil and Sicoob: variation of the wallet.")
    post = fields.Char(help="Sicredi: the service post of the branch.")
    id_byte = fields.Char(
        help="Sicredi: who numbers the titles; 1 the branch, 2 to 9 the beneficiary."
    )
    contract_number = fields.Char(help="Sicoob, wallet 9: number of the contract.")
    next_nosso_numero = BigInteger(
        string="Next Nosso Número",
        default=1,
        required=True,
        copy=False,
        help="The next title gets it. A number is never used twice.",
    )
    write_off_days = fields.Integer(
        default=60, help="Days after the due date until the bank gives the title back."
    )
    protest_days = fields.Integer(
        help="Days after the due date until the bank protests the title; 0: never."
    )
    instructions = fields.Text(
        translate=True, help="Lines for the cashier, printed on each boleto."
    )
    pix_key = fields.Char(
        tracking=True,
        help="Printed as a QR code where the bank gave none of its own. It pays the "
        "key and does not settle the boleto by itself: empty, no such code is printed.",
    )
    is_mass = fields.Boolean(
        string="Boletos With the Invoices",
        default=True,
        help="Posting an invoice issues its boleto (boleto em massa).",
    )
    title_count = fields.Integer(compute="_compute_title_count")

    _next_nosso_numero_positive = models.Constraint(
        "CHECK (next_nosso_numero > 0)", "The next nosso número must be 1 or more."
    )

    @api.depends("bank")
    def _compute_layout(self):
        """Take a layout the bank has; CNAB 400 where it has both."""
        for account in self:
            layouts = account._get_driver()._layouts if account.bank else ()
            if account.layout not in layouts:
                account.layout = layouts[-1] if layouts else False

    def _compute_title_count(self):
        counts = dict(
            self.env["collection.title"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.title_count = counts.get(account, 0)

    # === CONSTRAINTS ===

    @api.constrains(*DIGIT_FIELDS)
    def _check_digits(self):
        for account in self:
            for name in DIGIT_FIELDS:
                if account[name] and not account[name].isdecimal():
                    raise ValidationError(
                        self.env._(
                            "%(account)s: “%(field)s” takes digits only, not "
                            "“%(text)s”.",
                            account=account.name,
                            field=account._fields[name]._description_string(self.env),
                            text=account[name],
                        )
                    )

    @api.constrains("bank", "backend", "layout", "wallet", *DIGIT_FIELDS)
    def _check_bank(self):
        for account in self:
            account._get_backend()._check_account(account)

    def write(self, vals):
        if "next_nosso_numero" in vals:
            self._check_next_nosso_numero(vals["next_nosso_numero"])
        if "company_id" in vals:
            self._check_movable(vals["company_id"])
        result = super().write(vals)
        self.check_access("write")  # it may have gone to another company
        return result

    def _check_movable(self, company_id):
        """Raise where boletos would go to another company with their account."""
        moved = self.filtered(lambda account: account.company_id.id != company_id)
        titles = self.env["collection.title"].sudo()
        for account in titles.search([("account_id", "in", moved.ids)]).account_id:
            raise UserError(
                self.env._(
                    "%(account)s has boletos of its company. Add an account to the "
                    "other one.",
                    account=account.name,
                )
            )

    def _check_next_nosso_numero(self, number):
        """Raise if titles have numbers from this one on."""
        for account in self:
            used = self.env["collection.title"].search_count(
                [("account_id", "=", account.id), ("nosso_numero_int", ">=", number)],
                limit=1,
            )
            if used:
                raise UserError(
                    self.env._(
                        "%(account)s has issued numbers from %(number)s on. Choose a "
                        "greater one.",
                        account=account.name,
                        number=number,
                    )
                )

    # === ACTIONS ===

    def action_view_titles(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_title_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS ===

    @api.model
    def _search_with_titles(self, domain):
        """Return accounts, archived ones too while titles of theirs can be paid."""
        archived = self.with_context(active_test=False).search(
            Domain(domain) & Domain("active", "=", False)
        )
        payable = self.env["collection.title"]._read_group(
            [("account_id", "in", archived.ids), ("state", "in", LIVE_STATES)],
            ["account_id"],
        )
        ids = [account.id for (account,) in payable]
        return self.search(domain) | self.browse(ids)

    def _get_backend(self):
        self.ensure_one()
        return self.env[f"collection.backend.{self.backend}"]

    def _get_driver(self):
        self.ensure_one()
        return self.env[f"collection.bank.{self.bank}"]

    def _take_number(self, name):
        """Return the next number of a field that counts, and count on.

        The row stays locked until the transaction ends: nobody else gets it.
        """
        self.ensure_one()
        self.flush_recordset([name])
        self.env.cr.execute(
            SQL(
                "UPDATE collection_account SET %(name)s = %(name)s + 1 "
                "WHERE id = %(id)s RETURNING %(name)s - 1",
                name=SQL.identifier(name),
                id=self.id,
            )
        )
        number = self.env.cr.fetchone()[0]
        self.invalidate_recordset([name])
        return number

    def _take_nosso_numeros(self, count, day=None):
        """Return so many new numbers, in order.

        The row stays locked until the transaction ends: two workers never get
        the same number, and one that is rolled back leaves none behind.

        :param date day: of issue, today if none; some banks begin anew each year
        :raise UserError: the bank's range is used up
        """
        self.ensure_one()
        self.flush_recordset(["next_nosso_numero"])
        self.env.cr.execute(
            "SELECT next_nosso_numero FROM collection_account WHERE id = %s FOR UPDATE",
            [self.id],
        )
        number = self.env.cr.fetchone()[0]
        day = day or self.company_id._get_local_date()
        low, last = self._get_driver()._get_nosso_numero_range(self, day)
        first = self._get_free_nosso_numero(number, low, last)
        if first + count - 1 > last:
            raise UserError(
                self.env._(
                    "%(account)s has no nosso número left. Ask the bank for another "
                    "agreement.",
                    account=self.name,
                )
            )
        self.env.cr.execute(
            "UPDATE collection_account SET next_nosso_numero = %s WHERE id = %s",
            [first + count, self.id],
        )
        self.invalidate_recordset(["next_nosso_numero"])
        return list(range(first, first + count))

    def _get_free_nosso_numero(self, number, low, last):
        """Return the first number from `low` on that no title has.

        :param number: the next one as the account knows it; of another range (year)
            it says nothing, unless it is a count that was never composed
        """
        if low == 1 or low <= number <= last + 1:
            return number
        used = (
            self.env["collection.title"]
            .sudo()
            .search_fetch(
                [
                    ("account_id", "=", self.id),
                    ("nosso_numero_int", ">=", low),
                    ("nosso_numero_int", "<=", last),
                ],
                ["nosso_numero_int"],
                order="nosso_numero_int desc",
                limit=1,
            )
        )
        after_used = used.nosso_numero_int + 1 if used else low
        counted = low - 1 + number if number <= last - low + 1 else low
        return max(after_used, counted)

    def _is_boleto_account(self):
        """Return whether its titles are boletos, with barcode and linha digitável."""
        self.ensure_one()
        return self.backend in BOLETO_BACKENDS

    def _format_agency_and_account(self):
        """Return agency and account, each with its digit where it has one."""
        self.ensure_one()
        agency = "-".join(
            filter(None, ((self.agency or "").zfill(4), self.agency_digit))
        )
        account = "-".join(filter(None, (self.account_number, self.account_digit)))
        return f"{agency} / {account}"
