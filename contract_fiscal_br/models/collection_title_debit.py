from odoo import api, fields, models

from odoo.addons.contract_recurring.tools.bank_calendar import (
    add_bank_days,
    next_bank_day,
)


class CollectionTitle(models.Model):
    """A title the bank collects by debiting the payer's account."""

    _inherit = "collection.title"

    debit_authorization_id = fields.Many2one(
        "direct.debit.authorization",
        string="Direct Debit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    debit_date = fields.Date(
        readonly=True, help="When the bank is asked to take the money."
    )
    debit_attempt = fields.Integer(
        string="Attempt", readonly=True, help="Which debit of the invoice this is."
    )

    @api.model
    def _prepare_title(self, account, move, number, issue_date):
        values = super()._prepare_title(account, move, number, issue_date)
        if account.backend != "cnab_debit":
            return values
        earlier = move.collection_title_ids.filtered("debit_authorization_id")
        attempt = 1 + max(earlier.mapped("debit_attempt"), default=0)
        due_date = move.invoice_date_due
        if attempt > 1:
            due_date = add_bank_days(issue_date, account.debit_retry_days)
        return values | {
            "debit_authorization_id": move._get_debit_authorization().id,
            "debit_date": self._get_debit_date(account, due_date, issue_date),
            "debit_attempt": attempt,
            "write_off_days": 0,
            "protest_days": 0,
        }

    @api.model
    def _get_issue_obstacles(self, moves):
        """A debit nobody authorised is no title the bank could collect."""
        obstacles = super()._get_issue_obstacles(moves)
        for move in moves:
            is_debit = move.collection_account_id.backend == "cnab_debit"
            if is_debit and not move._get_debit_authorization():
                obstacles[move] = self.env._(
                    "%(invoice)s is paid by direct debit, which nobody has authorised "
                    "yet. Have it authorised, or choose another payment mode.",
                    invoice=move.display_name,
                )
        return obstacles

    @api.model
    def _get_debit_date(self, account, due_date, today):
        """Return the day of the debit: a bank day the file can still reach."""
        first = add_bank_days(today, account.debit_lead_days)
        return max(next_bank_day(due_date), next_bank_day(first))

    def _withdraw_debit(self, reason):
        """Take back debits the bank has not got: nothing is sent."""
        for title in self.filtered(lambda title: title.state == "to_register"):
            pending = title.instruction_ids.filtered(lambda i: i.state == "pending")
            pending.sudo().write({"state": "cancelled", "message": reason})
            title.sudo().state = "cancelled"
