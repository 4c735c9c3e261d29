from odoo import fields, models

from ..tools.bank_calendar import next_bank_day


class AccountMove(models.Model):
    """What a payment means for the steps taken for its invoice."""

    _inherit = "account.move"

    dunning_entry_ids = fields.One2many(
        "contract.dunning.entry", "move_id", string="Dunning", readonly=True
    )

    def _invoice_paid_hook(self):
        self._undo_dunning_paid_in_time()
        result = super()._invoice_paid_hook()
        if self.ids:
            today = self.env.company._get_local_date()
            self.env["contract.credit.listing"]._follow_payment(self, today)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "invoice_date_due" in vals:
            self._undo_dunning_too_early()
        return result

    def _undo_dunning_too_early(self):
        """Take back what was done before the day the invoice is now due.

        The law's days count from a notice of a debt that is overdue.
        """
        entries = self.sudo().dunning_entry_ids.filtered(
            lambda entry: entry.state != "undone"
        )
        for move, taken in entries.grouped("move_id").items():
            payable_until = next_bank_day(move.invoice_date_due)
            taken.filtered(lambda entry, day=payable_until: entry.date <= day)._undo(
                self.env._(
                    "Now due on %(date)s.",
                    date=move.invoice_date_due.strftime("%d/%m/%Y"),
                )
            )

    def _undo_dunning_paid_in_time(self):
        """Take back what was done about invoices that turn out to be paid in time.

        The day of the payment counts, not the day it was imported.
        """
        if not self.ids:
            return
        entries = (
            self.env["contract.dunning.entry"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("state", "!=", "undone"),
                    ("kind", "!=", "reminder"),
                ]
            )
        )
        for move, taken in entries.grouped("move_id").items():
            paid_on = move._get_last_payment_day()
            if paid_on and paid_on <= next_bank_day(move.invoice_date_due):
                taken._undo(
                    self.env._(
                        "Paid on %(date)s, in time.", date=paid_on.strftime("%d/%m/%Y")
                    )
                )

    def _get_last_payment_day(self):
        """Return the day of the payment that settled the invoice, or None."""
        self.ensure_one()
        receivable = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        payments = receivable.matched_credit_ids.credit_move_id
        return max(payments.mapped("date"), default=None)
