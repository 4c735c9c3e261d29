from odoo import api, fields, models

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

from ..const import LIVE_STATES


class AccountMove(models.Model):
    """The title of an invoice follows what becomes of the invoice.

    Paid otherwise, cancelled, merged or renegotiated: its title is taken back.
    Open again while the bank was not asked yet: the title is payable as before.
    What the bank told a payment of is left to the settlement.
    """

    _inherit = "account.move"

    boleto_obstacle = fields.Char(
        string="Boleto Not Issued",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Why no boleto could be issued.",
    )

    # === EXTENSIONS ===

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._follow_titles()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._follow_titles_of(posted)
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._follow_titles()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._follow_titles()
        return result

    def _settle_with_late_payments(self):
        """Fine and interest that a surplus does not pay get a boleto after all."""
        result = super()._settle_with_late_payments()
        for day, moves in self.grouped("invoice_date").items():
            moves._issue_wanted_titles(day)
        return result

    def _undo_merge(self):
        originals = super()._undo_merge()
        originals._issue_wanted_titles(self.company_id._get_local_date())
        return originals

    def _get_regenerate_obstacle(self):
        return super()._get_regenerate_obstacle() or self._get_title_obstacle()

    # === WHAT KEEPS AN INVOICE AS IT IS ===

    def _get_title_obstacle(self):
        """Return why the boleto keeps the invoice as it is, or None."""
        titles = self.sudo()._search_live_titles()
        names = {"invoice": self.display_name}
        if titles._filter_paid_at_bank():
            return self.env._(
                "The bank told that the boleto of %(invoice)s was paid. Settle the "
                "payment first.",
                **names,
            )
        if titles.filtered(lambda title: title.state == "protested"):
            return self.env._(
                "The boleto of %(invoice)s is protested. Stop the protest first.",
                **names,
            )
        return None

    # === THE TITLE FOLLOWS ===

    @api.model
    def _follow_titles_of(self, moves):
        moves.filtered(lambda move: move.move_type == "out_invoice")._follow_titles()

    def _follow_titles(self):
        """Let the titles follow the payments; safe to repeat, in any order."""
        if not self:
            return
        titles = self.sudo()._search_live_titles()
        titles -= titles._filter_paid_at_bank()
        for move, own in titles.grouped("move_id").items():
            if move._is_to_be_collected():
                own._follow_open(move)
            else:
                own._withdraw("settled", move._get_withdrawal_words())
        settled = self.filtered(
            lambda move: move.boleto_obstacle and not move._is_to_be_collected()
        )
        settled._note_boleto_obstacle(False)

    def _search_live_titles(self):
        return self.env["collection.title"].search(
            [("move_id", "in", self.ids), ("state", "in", LIVE_STATES)]
        )

    def _is_to_be_collected(self):
        """Return whether something is left to pay of the invoice."""
        self.ensure_one()
        return (
            self.move_type == "out_invoice"
            and self.state == "posted"
            and self.payment_state in ("not_paid", "partial")
            and self.currency_id.compare_amounts(self.amount_residual, 0) > 0
        )

    def _is_overdue_on(self, day):
        """Return whether the due date, moved to a bank day, lies before a day."""
        self.ensure_one()
        return next_bank_day(self.invoice_date_due or day) < day

    def _get_withdrawal_words(self):
        if self.state != "posted":
            return self.env._(
                "%(invoice)s was taken out of the books.", invoice=self.display_name
            )
        return self.env._(
            "%(invoice)s was settled in another way.", invoice=self.display_name
        )

    # === ISSUING ===

    def _note_boleto_obstacle(self, obstacle):
        """Note why no boleto was issued; billing goes on."""
        changed = self.filtered(
            lambda move: (move.boleto_obstacle or False) != obstacle
        )
        if changed:  # Odoo does much for a write, even of nothing
            changed.sudo().write({"boleto_obstacle": obstacle})

    def _issue_wanted_titles(self, issue_date):
        """Issue the titles that are wanted with the invoices (S004-72).

        In the transaction that posts them: issuing only counts and calculates.
        """
        wanted = self.sudo().filtered(
            lambda move: move._needs_boleto() and move._is_boleto_wanted()
        )
        return self.env["collection.title"].sudo()._issue_possible(wanted, issue_date)

    def _is_boleto_wanted(self):
        """Return whether contract or account want a boleto without being asked."""
        self.ensure_one()
        contract = self.contract_charge_ids.contract_id[:1]
        wish = contract.boleto_in_mass or contract.contract_template_id.boleto_in_mass
        return wish == "yes" if wish else self.collection_account_id.is_mass
