from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..backends.bank_session import BOLETO_CLIENTS, BankSession
from ..backends.pix_client import PROFILES
from ..const import API_BACKENDS, PIX_BACKENDS
from ..tools.bank_error import BankError, LaterError

MANAGER = "contract_fiscal_br.group_collection_manager"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Banks whose client is known by its certificate alone.
WITHOUT_SECRET = ("756",)


class CollectionAccount(models.Model):
    """Credentials and environment of a bank's API."""

    _name = "collection.account"
    _inherit = ["collection.account", "contract.secret.mixin"]

    _secret_names = ("client_secret", "certificate")

    is_api = fields.Boolean(compute="_compute_is_api")
    api_environment = fields.Selection(
        [
            ("production", "Production"),
            ("sandbox", "Test environment of the bank"),
            ("simulator", "Simulator on this machine"),
        ],
        string="Environment",
        default="production",
        required=True,
        tracking=True,
        help="In production real charges reach real customers.",
    )
    api_simulator_url = fields.Char(
        string="Address of the Simulator",
        groups=MANAGER,
        help="Everything goes to this address of this machine, nothing to the bank.",
    )
    api_client_id = fields.Char(
        string="Client ID", groups=MANAGER, help="As the bank's portal shows it."
    )
    client_secret = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        groups=MANAGER,
        help="Kept encrypted; not shown again. In Sicoob's test environment: the token "
        "of its portal.",
    )
    certificate = fields.Char(
        string="Certificate and Key",
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        groups=MANAGER,
    )
    client_secret_cipher = fields.Char(
        copy=False, prefetch=False, groups="base.group_system"
    )
    certificate_cipher = fields.Char(
        copy=False, prefetch=False, groups="base.group_system"
    )
    is_pix_key_exclusive = fields.Boolean(
        string="Key Only for Collection",
        help="Every Pix this key receives is listed, also those of no charge: they "
        "wait for somebody to say whose they are.",
    )
    api_problem = fields.Char(string="Problem with the Bank", readonly=True, copy=False)
    asked_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="The bank was asked for everything that happened until then.",
    )

    @api.depends("backend")
    def _compute_is_api(self):
        for account in self:
            account.is_api = account.backend in API_BACKENDS

    # === CONSTRAINTS ===

    @api.constrains("api_environment", "api_simulator_url")
    def _check_simulator_url(self):
        for account in self.sudo():
            if account.api_environment != "simulator":
                continue
            address = urlsplit(account.api_simulator_url or "")
            if address.scheme not in ("http", "https") or (
                address.hostname not in LOOPBACK
            ):
                raise ValidationError(
                    self.env._(
                        "The simulator runs on this machine: its address begins with "
                        "http://127.0.0.1."
                    )
                )

    @api.constrains("is_pix_key_exclusive", "pix_key", "backend", "active")
    def _check_pix_key_exclusive(self):
        """Two accounts that list every Pix of a key would both post it."""
        listing = self.filtered(
            lambda account: (
                account.is_pix_key_exclusive
                and account.pix_key
                and account.active
                and account.backend in PIX_BACKENDS
            )
        )
        for account in listing:
            other = self.sudo().search(
                [
                    ("id", "!=", account.id),
                    ("pix_key", "=", account.pix_key),
                    ("is_pix_key_exclusive", "=", True),
                    ("backend", "in", PIX_BACKENDS),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(other)s” lists every Pix of this key already: each would "
                        "be posted twice. Take “Key Only for Collection” off one of "
                        "them.",
                        other=other.name,
                    )
                )

    def _check_api_bank(self):
        """Raise a UserError if the bank has no API for this."""
        self.ensure_one()
        banks = PROFILES if self.backend in PIX_BACKENDS else BOLETO_CLIENTS
        if self.bank in banks:
            return
        names = dict(self._fields["bank"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(account)s: there is no API of %(bank)s here for this. Choose "
                "another way to the bank.",
                account=self.name,
                bank=names[self.bank],
            )
        )

    def _check_api(self):
        """Raise a UserError that names what the bank's API would miss."""
        self._check_api_bank()
        for name in self._get_required_api_fields():
            if not self.sudo()[name]:
                raise UserError(
                    self.env._(
                        "%(account)s: the API of the bank asks for the field "
                        "“%(field)s”.",
                        account=self.name,
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _get_required_api_fields(self):
        self.ensure_one()
        names = ["api_client_id"]
        if self.bank not in WITHOUT_SECRET:
            names.append("client_secret")
        if self.backend in PIX_BACKENDS:
            names.append("pix_key")
            if self.backend == "pix_automatic":
                names += ["agency", "account_number"]
        elif self.bank == "756":
            names += ["agreement", "account_number"]
        return names

    # === ACTIONS ===

    def action_test_connection(self):
        """Make a call that changes nothing; say what came of it."""
        self.ensure_one()
        self.check_access("write")
        self._check_api()
        try:
            with self._open_bank() as session:
                self._get_backend()._test(session)
        except BankError as error:
            raise UserError(str(error)) from error
        self.api_problem = False
        return self._notify(
            self.env._("The bank accepts the credentials of “%s”.", self.name)
        )

    @api.model
    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === BANK ===

    def _open_bank(self):
        """Return a `BankSession`, to be used in a `with`.

        :raise LaterError: credentials are missing, or cannot be used
        """
        self.ensure_one()
        try:
            self._check_api()
        except UserError as error:
            raise LaterError(str(error), is_account=True) from error
        return BankSession(self.sudo())

    def _is_sandbox(self):
        self.ensure_one()
        return self.api_environment == "sandbox"

    def _get_simulator_url(self):
        self.ensure_one()
        is_simulated = self.api_environment == "simulator"
        return self.api_simulator_url if is_simulated else None

    def _get_requests_per_second(self):
        """Return how often banks let a client call; None for as often as it likes."""
        self.ensure_one()
        return None if self.api_environment == "simulator" else 2.0

    def _get_account_digits(self):
        self.ensure_one()
        return f"{self.account_number or ''}{self.account_digit or ''}"

    def _note_api_problem(self, message):
        """Show a problem that no call of this account gets by; once, not each time."""
        if self.api_problem != message:
            self.api_problem = message
            if message:
                self.message_post(body=message)

    def _take_events(self, events):
        """Store and settle what the bank told; safe to repeat."""
        self.ensure_one()
        new = self.env["collection.event"].sudo()
        if events:
            new = new._receive(self, events)
            new._settle()
            self._get_backend()._after_events(self)
        return new
