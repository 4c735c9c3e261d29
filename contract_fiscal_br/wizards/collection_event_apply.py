from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

MAX_SUGGESTIONS = 20


class CollectionEventApply(models.TransientModel):
    """Finding whose money a payment is, and which invoices it pays."""

    _name = "collection.event.apply"
    _description = "Find the Invoice of a Payment"

    event_id = fields.Many2one("collection.event", required=True, readonly=True)
    company_id = fields.Many2one(related="event_id.company_id")
    currency_id = fields.Many2one(related="event_id.currency_id")
    story = fields.Char(string="What Became of It", compute="_compute_event")
    free_amount = fields.Monetary(string="Still Free", compute="_compute_event")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner",
        readonly=False,
        store=True,
    )
    is_owner_known = fields.Boolean(compute="_compute_is_owner_known")
    suggestion_ids = fields.Many2many(
        "account.move",
        "collection_event_apply_suggestion_rel",
        string="Invoices that may be meant",
        compute="_compute_suggestions",
    )
    move_ids = fields.Many2many(
        "account.move",
        "collection_event_apply_move_rel",
        string="Invoices to Pay",
        compute="_compute_moves",
        store=True,
        readonly=False,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), "
        "('payment_state', 'in', ('not_paid', 'partial')), "
        "('company_id', '=', company_id)]",
    )
    note = fields.Char()

    @api.depends("event_id")
    def _compute_event(self):
        """Tell of a payment only who may read it: a dialog takes any number."""
        for wizard in self:
            event = wizard.event_id
            event.check_access("read")
            wizard.update({"story": event.story, "free_amount": event.free_amount})

    # === SUGGESTIONS ===

    @api.depends("event_id")
    def _compute_is_owner_known(self):
        for wizard in self:
            wizard.is_owner_known = bool(wizard._get_owner())

    def _get_owner(self):
        """Return the customer whose credit the money is already."""
        return self.event_id.sudo()._get_free_lines().partner_id[:1]

    @api.depends("event_id")
    def _compute_partner(self):
        for wizard in self:
            wizard.partner_id = (
                wizard._get_owner()
                or wizard.event_id.partner_id
                or wizard._get_only_customer()
            )

    def _get_only_customer(self):
        """Return whom all suggestions point to; of several a person chooses."""
        customers = self._search_suggestions().commercial_partner_id
        return customers if len(customers) == 1 else customers.browse()

    @api.depends("event_id", "partner_id")
    def _compute_suggestions(self):
        for wizard in self:
            wizard.suggestion_ids = wizard._search_suggestions()

    @api.depends("partner_id")
    def _compute_moves(self):
        """Propose the invoice where there is no doubt: the only one that fits."""
        for wizard in self:
            found = wizard.suggestion_ids.filtered(
                lambda move, wizard=wizard: (
                    move.commercial_partner_id
                    == wizard.partner_id.commercial_partner_id
                )
            )
            exact = found.filtered(lambda move, wizard=wizard: wizard._fits(move))
            wizard.move_ids = [Command.set((exact[:1] or found[:1]).ids)]

    def _fits(self, move):
        event = self.event_id
        return move == event._get_meant_move() or not move.currency_id.compare_amounts(
            move.amount_residual, event.paid
        )

    def _search_suggestions(self):
        """Return open invoices: that of the title, of the document, of the amount."""
        self.ensure_one()
        event = self.event_id
        is_open = (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("company_id", "=", event.company_id.id)
        )
        moves = self.env["account.move"]
        order = "invoice_date_due, id"
        for domain in self._get_suggestion_domains():
            moves |= moves.search(
                is_open & domain, order=order, limit=MAX_SUGGESTIONS - len(moves)
            )
            if len(moves) >= MAX_SUGGESTIONS:
                break
        return moves

    def _get_suggestion_domains(self):
        """Return what may point to the invoice, the surest first."""
        event = self.event_id
        owner = self.partner_id or event.partner_id
        same_amount = Domain("amount_residual", "in", [event.paid, event.amount])
        domains = [Domain("id", "=", event._get_meant_move().id)]
        if event.document_number:
            titles = Domain("document_number", "=", event.document_number.strip())
            domains.append(Domain("collection_title_ids", "any", titles))
        if owner:
            same_owner = Domain(
                "commercial_partner_id", "=", owner.commercial_partner_id.id
            )
            return [*domains, same_owner & same_amount, same_owner]
        return [*domains, same_amount]

    # === BUTTONS ===

    def action_apply(self):
        """Pay the invoices; what they do not need becomes a credit."""
        self.ensure_one()
        if not self.move_ids:
            raise UserError(
                self.env._(
                    "Choose the invoice, or press “Make a Credit” if none is meant."
                )
            )
        return self._do(self.move_ids)

    def action_make_credit(self):
        """Leave the money with the customer: the next invoice uses it."""
        self.ensure_one()
        return self._do(self.env["account.move"])

    def _do(self, moves):
        self.event_id._check_may_look()
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer whose money this is."))
        self.event_id._apply(self.partner_id, moves)
        words = ", ".join(moves.mapped("name")) or self.partner_id.display_name
        self.event_id._mark_seen(self.note or words)
        return {"type": "ir.actions.act_window_close"}
