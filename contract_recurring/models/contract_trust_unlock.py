from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.billing_calendar import ONE_DAY


class ContractTrustUnlock(models.Model):
    """Service given back on a promise to pay (*desbloqueio de confiança*)."""

    _name = "contract.trust.unlock"
    _description = "Trust Unlock"
    _order = "date_from desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    date_from = fields.Date(string="Unlocked On", required=True)
    date_until = fields.Date(
        string="Last Day", required=True, help="The service is held open until then."
    )
    withdrawn_on = fields.Date(
        readonly=True,
        help="Taken back by staff: from that day on it holds nothing open.",
    )
    user_id = fields.Many2one("res.users", string="By", required=True)
    origin = fields.Selection(
        [("staff", "Staff"), ("portal", "Customer portal")], required=True
    )
    reason = fields.Char()
    amount_open = fields.Monetary(
        string="Promised", help="What was overdue when it was unlocked."
    )
    currency_id = fields.Many2one("res.currency", required=True)
    move_ids = fields.Many2many(
        "account.move", string="Invoices", help="Overdue when it was unlocked."
    )
    is_kept = fields.Boolean(
        string="Kept",
        compute="_compute_is_kept",
        help="What was overdue then is paid.",
    )

    _days_in_order = models.Constraint(
        "CHECK (date_until >= date_from)", "A trust unlock ends before it begins."
    )

    @api.depends("move_ids.payment_state", "move_ids.state")
    def _compute_is_kept(self):
        for unlock in self:
            unlock.is_kept = not unlock._get_open_moves()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a contract cannot be deleted."))

    def _get_open_moves(self):
        """Return the promised invoices that still are not paid."""
        return self.sudo().move_ids.filtered(
            lambda move: (
                move.state == "posted" and move.payment_state in ("not_paid", "partial")
            )
        )

    def _get_last_day(self):
        """Return the last day it holds the service open, None of one that never did."""
        if not self.withdrawn_on:
            return self.date_until or None
        last = self.withdrawn_on - ONE_DAY
        return last if last >= self.date_from else None

    def _is_promise_broken(self, day):
        """Return whether the last day is over and the promise was not kept."""
        last = self._get_last_day()
        return bool(last and last < day and self._get_open_moves())

    # === TAKING BACK ===

    def _withdraw(self, day, reason):
        """End an unlock from a day on; one of the same day counts as never given."""
        self.ensure_one()
        if self.withdrawn_on or self.date_until < day:
            raise UserError(
                self.env._(
                    "%(contract)s is not unlocked on trust any more.",
                    contract=self.contract_id.display_name,
                )
            )
        self.sudo().withdrawn_on = day
        self.env["contract.event"]._record(
            self.contract_id,
            "trust_unlock",
            effective_date=day,
            from_state=format_date(self.env, self.date_until),
            to_state=self.env._("withdrawn"),
            reason=reason,
        )
