from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import EVENT_KINDS
from ..tools.collection_event import number_identical

AMOUNTS = (
    "amount",
    "paid",
    "interest",
    "fine",
    "discount",
    "rebate",
    "fee",
    "net",
)


class CollectionEvent(models.Model):
    """What a bank said about a title: append-only, whatever told it.

    Files, APIs and webhooks become the same events. The database keeps one of each,
    so a file imported again or a webhook delivered twice adds nothing.
    """

    _name = "collection.event"
    _description = "Collection Event"
    _inherit = "contract.run.item.mixin"
    _order = "occurred_on desc, id desc"

    account_id = fields.Many2one(
        "collection.account", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    title_id = fields.Many2one("collection.title", readonly=True, index=True)
    move_id = fields.Many2one(related="title_id.move_id", string="Invoice")
    partner_id = fields.Many2one(related="title_id.partner_id", string="Payer")
    kind = fields.Selection(EVENT_KINDS, required=True, readonly=True, index=True)
    occurrence = fields.Char(
        required=True, readonly=True, help="The bank's own code of what happened."
    )
    occurred_on = fields.Date(required=True, readonly=True, index=True)
    credit_date = fields.Date(
        readonly=True, help="When the bank puts the money on the account."
    )
    nosso_numero = fields.Char(string="Nosso Número", readonly=True, index=True)
    txid = fields.Char(string="Pix Transaction", readonly=True)
    external_id = fields.Char(
        string="Identity of the Payment", readonly=True, help="Pix: endToEndId."
    )
    document_number = fields.Char(readonly=True)
    amount = fields.Monetary(string="Face Value", readonly=True)
    paid = fields.Monetary(readonly=True)
    interest = fields.Monetary(readonly=True)
    fine = fields.Monetary(readonly=True)
    discount = fields.Monetary(readonly=True)
    rebate = fields.Monetary(readonly=True)
    fee = fields.Monetary(string="Bank's Fee", readonly=True)
    net = fields.Monetary(string="Credited", readonly=True)
    reasons = fields.Char(readonly=True, help="The bank's codes of the reasons.")
    pix_copy_paste = fields.Char(string="Pix Copy and Paste", readonly=True)
    delay_days = fields.Float(
        string="Days After the Due Date",
        digits=(6, 1),
        readonly=True,
        aggregator="avg",
        help="From the due date to the payment; negative: paid before it.",
    )
    line = fields.Integer(readonly=True, help="Line of the file it came in.")
    identity = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("pending", "To settle"), ("done", "Settled"), ("failed", "Failed")],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )

    _identity_unique = models.UniqueIndex(
        "(account_id, identity)", "The bank told this already."
    )

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a bank told is never deleted."))

    # === RECEIVING ===

    @api.model
    def _receive(self, account, events, **source):
        """Store what is not known yet, with its title; return the new records.

        The account's row is locked, so of two workers that hear the same the second
        one finds it told.

        :param events: `tools.collection_event.CollectionEvent` in the bank's order
        :param source: values of the field that names where they came from
        """
        account.lock_for_update(allow_referencing=True)
        numbered = {
            self._get_identity(event, ordinal): event
            for event, ordinal in number_identical(events)
        }
        known = self._get_known(account, list(numbered))
        new = {key: event for key, event in numbered.items() if key not in known}
        titles = self._find_titles(account, new.values())
        told = {
            key: self._prepare_event(account, key, event, titles) | source
            for key, event in new.items()
        }
        told = self._compare_ways(account, told)
        told |= self._prepare_told_again(account, numbered, known, source)
        if told:
            self._renew_lock(account)
        return self.create(list(told.values()))

    @api.model
    def _renew_lock(self, account):
        """Make who waits for the account, but looked at the database before, begin
        anew: it does not see what is told here, and a lock alone lets it go on."""
        account.flush_recordset()
        self.env.cr.execute(
            "UPDATE collection_account SET write_date = write_date WHERE id = %s",
            [account.id],
        )

    @api.model
    def _get_identity(self, event, ordinal):
        return "|".join(map(str, (*event.get_key(), ordinal)))

    @api.model
    def _get_known(self, account, identities):
        known = self.search_fetch(
            [("account_id", "=", account.id), ("identity", "in", identities)],
            ["identity"],
        )
        return set(known.mapped("identity"))

    @api.model
    def _find_titles(self, account, events):
        """Return {nosso número or txid: title} of what the account has issued."""
        Title = self.env["collection.title"]
        titles = {}
        for name in ("nosso_numero", "txid"):
            values = list({getattr(event, name) for event in events} - {""})
            found = Title.search_fetch(
                [("account_id", "=", account.id), (name, "in", values)],
                [name, "due_date"],
            )
            titles |= {(name, title[name]): title for title in found}
        return titles

    @api.model
    def _prepare_event(self, account, identity, event, titles):
        title = (
            titles.get(("txid", event.txid))
            or titles.get(("nosso_numero", event.nosso_numero))
            or self.env["collection.title"]
        )
        return {
            "account_id": account.id,
            "title_id": title.id,
            "identity": identity,
            "kind": event.kind,
            "occurrence": event.occurrence,
            "occurred_on": event.occurred_on,
            "credit_date": event.credit_date,
            "nosso_numero": event.nosso_numero,
            "txid": event.txid,
            "external_id": event.external_id,
            "document_number": event.document_number,
            "reasons": " ".join(event.reasons),
            "pix_copy_paste": event.pix_copy_paste,
            "line": event.line,
            **{name: float(getattr(event, name)) for name in AMOUNTS},
            **self._prepare_delay(event, title),
        }

    @api.model
    def _prepare_delay(self, event, title):
        """Return nothing where nobody paid late or early: an average leaves it out."""
        if event.kind != "paid" or not title:
            return {}
        return {"delay_days": (event.occurred_on - title.due_date).days}
