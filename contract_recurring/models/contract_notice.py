from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import NOTICED_STATES

# What proves a notice; fixed once it was handed over.
EVIDENCE_FIELDS = {
    "contract_id",
    "move_ids",
    "partner_id",
    "kind",
    "template_id",
    "channel",
    "recipient",
    "subject",
    "body",
    "text",
    "values",
    "amount",
    "due_date",
    "date",
    "effective_date",
    "key",
}
# States in which nothing has left the house yet.
OPEN_STATES = ("waiting", "pending", "skipped")

KINDS = [
    ("reminder", "Reminder"),
    ("notice", "Overdue notice"),
    ("block_warning", "Warning before the block"),
    ("restricted", "Service restricted"),
    ("restored", "Service restored"),
    ("termination_notice", "Termination notice"),
    ("invoice", "Invoice"),
    ("stage", "State of the contract"),
]
CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("whatsapp", "WhatsApp")]


class ContractNotice(models.Model):
    """Something a customer was told, kept as evidence (*aviso*).

    Text, address and the provider's answer stay as they were; a notice is
    never deleted, and sending it again makes another one.
    """

    _name = "contract.notice"
    _description = "Notice"
    _order = "id desc"
    _rec_name = "subject"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_ids = fields.Many2many(
        "account.move",
        "contract_notice_move_rel",
        "notice_id",
        "move_id",
        string="Invoices",
        readonly=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    template_id = fields.Many2one(
        "contract.notice.template", required=True, readonly=True, ondelete="restrict"
    )
    requested_channel = fields.Selection(
        CHANNELS, string="Channel Asked For", required=True, readonly=True
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    recipient = fields.Char(
        readonly=True, help="The address used: e-mail, or phone number in E.164."
    )
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False, help="Text of an e-mail.")
    text = fields.Text(readonly=True, help="Text of an SMS or WhatsApp message.")
    values = fields.Json(readonly=True, help="What fills a WhatsApp template.")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Attachments", readonly=True
    )
    amount = fields.Monetary(string="Amount Due", readonly=True)
    due_date = fields.Date(string="First Due Date", readonly=True)
    date = fields.Date(
        string="Prepared On", required=True, readonly=True, help="São Paulo date."
    )
    effective_date = fields.Date(
        string="Not Before",
        readonly=True,
        help="Day before which what is announced does not happen.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("pending", "To send"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Failed"),
            ("uncertain", "Uncertain"),
            ("skipped", "Not sent"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    sent_at = fields.Datetime(readonly=True)
    noticed_on = fields.Date(
        readonly=True,
        index=True,
        help="São Paulo date of sending, which periods of the law count from. Empty "
        "while the notice is not proved to be sent.",
    )
    delivered_at = fields.Datetime(readonly=True)
    read_at = fields.Datetime(readonly=True)
    is_valid_notice = fields.Boolean(
        compute="_compute_is_valid_notice",
        store=True,
        help="Proved to be sent: the periods of the law run from its date.",
    )
    is_forced = fields.Boolean(
        string="Sent Despite Opt-Out",
        readonly=True,
        help="The customer refused notices, but the law asks for this one.",
    )
    provider_ref = fields.Char(
        string="Provider's Reference", readonly=True, index="btree_not_null"
    )
    provider_answer = fields.Text(string="Provider's Answer", readonly=True)
    error = fields.Char(string="What Went Wrong", readonly=True)
    attempts = fields.Integer(readonly=True)
    key = fields.Char(
        required=True, readonly=True, help="Two notices never have the same key."
    )
    resent_from_id = fields.Many2one(
        "contract.notice", string="Repeats", readonly=True, index="btree_not_null"
    )
    resent_ids = fields.One2many(
        "contract.notice", "resent_from_id", string="Repeated By"
    )

    _key_unique = models.UniqueIndex(
        "(key)",
        "This notice is prepared already, perhaps by somebody else at this moment. "
        "Reload the page.",
    )
    _unsent = models.Index(
        "(state, id) WHERE state IN ('waiting', 'pending', 'sending')"
    )

    # === COMPUTES ===

    @api.depends("state", "noticed_on")
    def _compute_is_valid_notice(self):
        for notice in self:
            notice.is_valid_notice = notice.state in NOTICED_STATES and bool(
                notice.noticed_on
            )

    @api.depends("subject", "kind", "partner_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            title = notice.subject or kinds.get(notice.kind)
            notice.display_name = f"{title} · {notice.partner_id.name}"

    # === CRUD ===

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A notice is evidence: nobody changes it."))
        if EVIDENCE_FIELDS & vals.keys() and self.filtered(
            lambda notice: notice.state not in OPEN_STATES
        ):
            raise UserError(self.env._("The text of a notice that left cannot change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A notice is evidence and is never deleted."))
