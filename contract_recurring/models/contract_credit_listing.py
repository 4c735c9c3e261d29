from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import OPEN_PAYMENT_STATES
from ..tools.bank_calendar import add_bank_days

# Working days to take a paid debt off the list (STJ, Súmula 548).
REMOVAL_DAYS = 5


class ContractCreditListing(models.Model):
    """A debt announced to a credit bureau (*negativação*), until it is off again.

    The bureau is told by its own file or site: staff note here what was done.
    """

    _name = "contract.credit.listing"
    _description = "Credit Bureau Listing"
    _inherit = "mail.thread"
    _order = "id desc"
    _rec_name = "move_id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True
    )
    vat = fields.Char(related="partner_id.vat", string="CPF/CNPJ")
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, readonly=True, index=True
    )
    due_date = fields.Date(related="move_id.invoice_date_due", store=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        [
            ("to_list", "To list"),
            ("listed", "Listed"),
            ("to_remove", "To take off"),
            ("removed", "Taken off"),
            ("dropped", "Paid before listing"),
        ],
        default="to_list",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    asked_on = fields.Date(readonly=True, required=True)
    listed_on = fields.Date(readonly=True)
    remove_until = fields.Date(
        readonly=True,
        help="Five working days after the payment (STJ, Súmula 548), of an agreement "
        "after the first one.",
    )
    removed_on = fields.Date(readonly=True)

    _one_listing = models.UniqueIndex(
        "(contract_id, move_id) WHERE state IN ('to_list', 'listed', 'to_remove')",
        "This debt is on the list already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A listing is evidence and is never deleted."))

    # === ACTIONS ===

    def action_note_listed(self):
        """Note that the bureau has the debt on its list."""
        self._check_state("to_list")
        self.write({"state": "listed", "listed_on": fields.Date.context_today(self)})

    def action_note_removed(self):
        """Note that the bureau has taken the debt off."""
        self._check_state("to_remove")
        self.write({"state": "removed", "removed_on": fields.Date.context_today(self)})

    def _check_state(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for listing in self:
            if listing.state != state:
                raise UserError(
                    self.env._(
                        "%(invoice)s is “%(state)s”. Choose those that are "
                        "“%(wanted)s”.",
                        invoice=listing.move_id.name,
                        state=labels[listing.state],
                        wanted=labels[state],
                    )
                )

    # === BUSINESS ===

    @api.model
    def _enter(self, entries, day):
        """Put the debts of entries on the list."""
        return self.create(
            [
                {
                    "contract_id": entry.contract_id.id,
                    "partner_id": entry.move_id.commercial_partner_id.id,
                    "move_id": entry.move_id.id,
                    "amount": entry.move_id.amount_residual,
                    "asked_on": day,
                }
                for entry in entries
            ]
        )

    @api.model
    def _follow_payment(self, moves, day):
        """Ask for paid debts to be taken off, within the days the courts give.

        Of a debt that is renegotiated the first payment counts, unless the company
        takes it off with the signature; it is not put on the list any more either way.
        """
        live = self.sudo().search(
            [("move_id", "in", moves.ids), ("state", "in", ("to_list", "listed"))]
        )
        for listing in live:
            if listing.state == "to_list":
                listing.state = "dropped"
            elif not listing._is_only_promised():
                until = add_bank_days(day, REMOVAL_DAYS)
                listing.write({"state": "to_remove", "remove_until": until})

    @api.model
    def _follow_reopened(self, moves):
        """Take back what a payment or an agreement changed that came to nothing.

        What the bureau has taken off by then stays off.
        """
        listings = self.sudo().search([("move_id", "in", moves.ids)])
        for move, known in listings.grouped("move_id").items():
            last = known.sorted("id")[-1]
            is_owed = move.payment_state in OPEN_PAYMENT_STATES
            if last.state == "to_remove" and (is_owed or last._is_only_promised()):
                last.write({"state": "listed", "remove_until": False})
            elif last.state == "dropped" and is_owed:
                last.state = "to_list"

    def _is_only_promised(self):
        """Return whether the debt is renegotiated and nothing of that paid yet."""
        self.ensure_one()
        agreement = self.move_id._get_live_agreement()
        is_kept = self.company_id.credit_listing_removal == "payment"
        return is_kept and agreement.state == "waiting"
