from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.contract_recurring.permission import check_permission

BILLING_GROUP = "contract_recurring.group_contract_billing"
# Nobody knows yet whether the money comes: the invoice is not charged again.
LIVE_STATES = ("waiting", "charging", "pending", "uncertain")


class PaymentTokenCharge(models.Model):
    """One attempt to charge an invoice to the customer's saved method.

    Attempts are never deleted and a failed one changes nothing of the contract. Which
    comes next, and when, follows from the days of the company.
    """

    _name = "payment.token.charge"
    _description = "Charge of a Saved Method"
    _order = "id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    token_id = fields.Many2one(
        "payment.token",
        string="Saved Method",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups=BILLING_GROUP,
    )
    token_name = fields.Char(string="Charged To", readonly=True)
    attempt = fields.Integer(readonly=True, required=True)
    date = fields.Date(readonly=True, required=True, index=True)
    amount = fields.Monetary(readonly=True, help="What was asked for.")
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        index="btree_not_null",
        groups=BILLING_GROUP,
        help="At the payment provider.",
    )
    reference = fields.Char(readonly=True, help="Known to the payment provider.")
    is_chargeable = fields.Boolean(
        string="Still to Be Paid",
        compute="_compute_is_chargeable",
        search="_search_is_chargeable",
        help="It failed, and its invoice is open and not being charged.",
    )
    next_date = fields.Date(
        string="Next Attempt",
        compute="_compute_is_chargeable",
        help="When the invoice is charged again by itself.",
    )
    is_stopped = fields.Boolean(related="move_id.is_token_charge_stopped")
    is_by_hand = fields.Boolean(
        string="By Hand", readonly=True, help="Somebody pressed “Charge Now”."
    )
    reason = fields.Char(readonly=True, help="Why it failed, or what is not known.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("charging", "Being charged"),
            ("pending", "With the provider"),
            ("done", "Paid"),
            ("failed", "Failed"),
            ("uncertain", "Uncertain"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )

    _one_live = models.UniqueIndex(
        "(move_id) WHERE state IN ('waiting', 'charging', 'pending', 'uncertain')",
        "This invoice is being charged already.",
    )
    _attempt_unique = models.UniqueIndex(
        "(move_id, attempt)", "This attempt was made already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An attempt to charge is never deleted."))

    # === ACTIONS ===

    def action_charge_again(self):
        """Try the invoices of these attempts again now."""
        return self.move_id.action_charge_saved_method()

    def action_stop(self):
        """Stop charging the invoices of these attempts."""
        return self.move_id.action_stop_charging()

    def action_ask(self):
        """Ask the provider what became of uncertain charges."""
        self._check_may_charge()
        uncertain = self.filtered(lambda charge: charge.state == "uncertain")
        uncertain.sudo()._ask()
        if all(charge.state != "uncertain" for charge in uncertain):
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "The provider does not say what became of it. Look at the "
                    "provider's panel, then press “It Was Not Charged” or wait for its "
                    "report."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_mark_not_charged(self):
        """Note that the provider did not charge it: it may be tried again."""
        self._check_may_charge()
        for charge in self.sudo():
            charge.lock_for_update()
            if charge.state != "uncertain":
                raise UserError(
                    self.env._("Only what is uncertain is settled by a person.")
                )
            reason = self.env._(
                "Not charged, says %(user)s.", user=self.env.user.display_name
            )
            charge.write({"state": "failed", "reason": reason})
            # the customer has nothing to do with what the provider did not answer
            charge._collect_after_last()

    def _is_live(self):
        """Return whether the money may still come by this attempt."""
        self.ensure_one()
        is_booked = self.transaction_id.is_post_processed
        return self.state in LIVE_STATES or (self.state == "done" and not is_booked)

    @api.model
    def _check_may_charge(self):
        self.check_access("read")
        check_permission(self.env, BILLING_GROUP)

    # === PLANNING ===

    @api.model
    def _cron_charge_saved_methods(self, today=None):
        """Charge the open invoices whose day has come.

        :param today: the day to charge, each company's own where none is given
        """
        self._find_interrupted()
        self._requeue()
        for company in self.env["res.company"].search([("active", "=", True)]):
            day = today or company._get_local_date()
            self.with_company(company)._plan(company, day)

    @api.model
    def _plan(self, company, day):
        """Write the attempts due on a day, and queue a job for each."""
        moves = self._find_chargeable(company, day)
        known = self.search([("move_id", "in", moves.ids)]).grouped("move_id")
        days = company._get_token_retry_days()
        due = moves.filtered(
            lambda move: known.get(move, self.browse())._is_next_due(days, day)
        )
        charges = self.browse()
        for move in due:
            charges |= self._create_attempt(move, day)
        charges._queue()
        return charges

    @api.model
    def _find_chargeable(self, company, day):
        """Return open invoices of contracts with a saved method, due by the day.

        What was due before the customer chose the method is charged by hand alone.
        """
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<=", day),
                ("is_token_charge_stopped", "=", False),
                ("contract_charge_ids.contract_id.payment_token_id", "!=", False),
            ],
            order="invoice_date_due, id",
        )
        return moves.filtered(lambda move: move._is_token_chargeable())

    def _is_next_due(self, retry_days, day):
        """Return whether another attempt is due, these being the earlier ones."""
        if any(charge.state in (*LIVE_STATES, "done") for charge in self):
            return False
        if not self._filter_counted():
            return True
        retry_date = self._get_retry_date(retry_days)
        return bool(retry_date) and retry_date <= day

    def _filter_counted(self):
        """Return the attempts that failed by themselves."""
        return self.filtered(lambda c: c.state == "failed" and not c.is_by_hand)

    def _get_retry_date(self, retry_days):
        """Return when the invoice of these attempts is charged again, or None."""
        failed = self._filter_counted()
        if not failed or len(failed) > len(retry_days):
            return None
        first = min(failed.mapped("date"))
        return first + timedelta(days=retry_days[len(failed) - 1])

    def _is_last(self):
        """Return whether no other attempt follows by itself."""
        self.ensure_one()
        move = self.move_id
        if move.is_token_charge_stopped or not move._is_token_chargeable():
            return True
        failed = self.search_count(
            [
                ("move_id", "=", move.id),
                ("state", "=", "failed"),
                ("is_by_hand", "=", False),
            ]
        )
        return failed > len(move.company_id._get_token_retry_days())

    @api.model
    def _create_attempt(self, move, day, is_by_hand=False):
        """Return a new attempt; empty if somebody else charges the invoice now."""
        contract = move._get_token_contract()
        earlier = self.search(
            [("move_id", "=", move.id)], limit=1, order="attempt desc"
        )
        try:
            with self.env.cr.savepoint():
                return self.sudo().create(
                    {
                        "move_id": move.id,
                        "contract_id": contract.id,
                        "token_id": contract.payment_token_id.id,
                        "token_name": contract.payment_token_id.display_name,
                        "attempt": earlier.attempt + 1,
                        "date": day,
                        "amount": move.amount_residual,
                        "is_by_hand": is_by_hand,
                    }
                )
        except psycopg2.errors.UniqueViolation:
            return self.browse()
