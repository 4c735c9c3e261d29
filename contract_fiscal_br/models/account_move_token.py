from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """An invoice is charged to the saved method of its contract."""

    _inherit = "account.move"

    token_charge_ids = fields.One2many("payment.token.charge", "move_id", readonly=True)
    token_charge_count = fields.Integer(compute="_compute_token_charge_count")
    is_token_charge_stopped = fields.Boolean(
        string="Not Charged by Itself",
        readonly=True,
        copy=False,
        help="Somebody stopped charging this invoice to the saved method.",
    )
    is_token_chargeable = fields.Boolean(compute="_compute_is_token_chargeable")

    def _compute_token_charge_count(self):
        counts = dict(
            self.env["payment.token.charge"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.token_charge_count = counts.get(move, 0)

    def _compute_is_token_chargeable(self):
        for move in self:
            move.is_token_chargeable = bool(
                move.move_type == "out_invoice"
                and move.sudo()._get_token_contract().payment_token_id
            )

    # === ACTIONS ===

    def action_charge_saved_method(self):
        """Charge invoices to the customer's saved method now."""
        charges = self.env["payment.token.charge"]
        charges._check_may_charge()
        self.check_access("read")
        for move in self.sudo():
            token = move._get_token_contract().payment_token_id
            if not token.active:
                raise UserError(
                    self.env._(
                        "%(invoice)s: the contract has no valid saved method.",
                        invoice=move.name,
                    )
                )
            if not move._is_to_be_collected():
                raise UserError(
                    self.env._("%(invoice)s has nothing to pay.", invoice=move.name)
                )
            day = move.company_id._get_local_date()
            charge = charges.sudo()._create_attempt(move, day, is_by_hand=True)
            if not charge:
                raise UserError(
                    self.env._(
                        "%(invoice)s is being charged already. See the attempts.",
                        invoice=move.name,
                    )
                )
            move.is_token_charge_stopped = False
            charge._queue()

    def action_stop_charging(self):
        """Charge these invoices no more; what is under way is not called back."""
        charges = self.env["payment.token.charge"]
        charges._check_may_charge()
        self.check_access("read")
        for move in self.sudo():
            move.is_token_charge_stopped = True
            waiting = move.token_charge_ids.filtered(lambda c: c.state == "waiting")
            waiting.lock_for_update()
            waiting.write(
                {
                    "state": "cancelled",
                    "reason": self.env._(
                        "Stopped by %(user)s.", user=self.env.user.display_name
                    ),
                }
            )
            move._issue_instead_of_charging(move.company_id._get_local_date())

    def action_view_token_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.payment_token_charge_action"
        )
        action["domain"] = [("move_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS ===

    def _get_token_contract(self):
        """Return the contract whose saved method pays the invoice."""
        self.ensure_one()
        return self.contract_charge_ids.contract_id[:1]

    def _is_token_chargeable(self):
        """Return whether the invoice is charged by itself."""
        self.ensure_one()
        contract = self.sudo()._get_token_contract()
        return bool(
            contract.payment_token_id.active
            and contract._owns_token(contract.payment_token_id)
            and (
                not contract.payment_token_since
                or self.invoice_date_due >= contract.payment_token_since
            )
        )

    def _is_charged_by_itself(self):
        """Return whether attempts are still to come, or one is under way."""
        self.ensure_one()
        charges = self.sudo().token_charge_ids
        if any(charge._is_live() for charge in charges):
            return True
        if "done" in charges.mapped("state"):
            return False
        if self.is_token_charge_stopped or not self._is_token_chargeable():
            return False
        failed = charges.filtered(lambda c: c.state == "failed" and not c.is_by_hand)
        return len(failed) <= len(self.company_id._get_token_retry_days())

    def _needs_boleto(self):
        """No boleto while a card pays: the customer would pay twice."""
        return super()._needs_boleto() and not self._is_charged_by_itself()

    def _issue_instead_of_charging(self, day):
        """Let a boleto, or whatever the contract has agreed, collect it."""
        self.ensure_one()
        if self._needs_boleto():
            self.env["collection.title"]._issue_possible(self, day)

    def _has_payment_under_way(self):
        """Return whether the customer is paying online, or has and it is not booked."""
        self.ensure_one()
        return any(
            transaction.state in ("pending", "authorized")
            or (transaction.state == "done" and not transaction.is_post_processed)
            for transaction in self.sudo().transaction_ids
        )
