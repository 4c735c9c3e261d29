from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..const import LIVE_AGREEMENT_STATES


class AccountMove(models.Model):
    """Invoices that are renegotiated, and invoices that are instalments."""

    _inherit = "account.move"

    agreement_origin_ids = fields.One2many(
        "contract.debt.agreement.origin", "move_id", readonly=True
    )
    agreement_instalment_ids = fields.One2many(
        "contract.debt.agreement.instalment", "move_id", readonly=True
    )
    agreement_cleared_ids = fields.One2many(
        "contract.debt.agreement", "clearing_move_id", readonly=True
    )
    agreement_id = fields.Many2one(
        "contract.debt.agreement",
        compute="_compute_agreement_id",
        compute_sudo=True,
        help="The agreement that cleared this invoice, or of which it is a part.",
    )
    is_renegotiated = fields.Boolean(
        compute="_compute_agreement_id",
        compute_sudo=True,
        help="Cleared by an agreement in force: not paid, but owed as instalments.",
    )

    @api.depends(
        "agreement_origin_ids.agreement_id.state",
        "agreement_instalment_ids.agreement_id",
    )
    def _compute_agreement_id(self):
        for move in self:
            origins = move.agreement_origin_ids.filtered(
                lambda origin: origin.is_live and origin.agreement_id.is_live
            )
            last = move.agreement_origin_ids.agreement_id.sorted("id")[-1:]
            move.agreement_id = (
                move.agreement_instalment_ids.agreement_id[:1]
                or origins.agreement_id
                or last
            )
            move.is_renegotiated = bool(origins)

    # === ACTIONS ===

    def action_view_agreement(self):
        self.ensure_one()
        return self.agreement_id.get_formview_action()

    def button_draft(self):
        self._check_no_agreement()
        return super().button_draft()

    def button_cancel(self):
        self._check_no_agreement()
        return super().button_cancel()

    # === EXTENSIONS ===

    def _invoice_paid_hook(self):
        # first: whoever follows the payment asks how the agreement stands
        self._follow_agreements()
        return super()._invoice_paid_hook()

    def _get_principal(self):
        """Return what bears fine and interest: of an instalment, not its share of
        those of the debt.

        Source: Decreto 22.626/1933 art. 4, no interest on interest.
        """
        principal = super()._get_principal()
        surcharge = sum(self.agreement_instalment_ids.mapped("surcharge_amount"))
        return max(principal - Decimal(str(surcharge)), Decimal(0))

    # === BUSINESS ===

    def _follow_agreements(self):
        """Let the agreements follow the payments of their instalments."""
        if not self.ids or self.env.context.get("undoes_agreement"):
            return
        parts = self.env["contract.debt.agreement.instalment"].sudo()
        found = parts.search([("move_id", "in", self.ids)])
        found.agreement_id._follow_payments()

    def _get_live_agreement(self):
        """Return the agreement in force that the invoices are part of."""
        agreements = (
            self.sudo().agreement_origin_ids.filtered("is_live").agreement_id
            | self.sudo().agreement_instalment_ids.agreement_id
        )
        return agreements.filtered(
            lambda agreement: agreement.state in LIVE_AGREEMENT_STATES
        )[:1]

    def _is_agreement_clearing(self):
        """Return whether this entry clears the originals of an agreement."""
        self.ensure_one()
        return bool(self.sudo().agreement_cleared_ids)

    def _check_no_agreement(self):
        """Raise for what an agreement stands on; that is undone by its own buttons."""
        if self.env.context.get("undoes_agreement"):
            return
        moves = self.sudo()
        found = (
            moves.contract_charge_ids.instalment_id.agreement_id
            | moves.agreement_cleared_ids
            | moves._get_live_agreement()
        )
        if found:
            raise UserError(
                self.env._(
                    "The agreement %(agreement)s stands on this. Break or cancel the "
                    "agreement instead.",
                    agreement=found[0].name,
                )
            )

    def _get_amounts_of_contracts(self):
        """Return {contract: amount} of what the invoice bills, in order of id."""
        self.ensure_one()
        amounts = {}
        for charge in self.contract_charge_ids.sorted("contract_id"):
            contract = charge.contract_id
            amounts[contract] = amounts.get(contract, 0.0) + charge.amount
        positive = {c: amount for c, amount in amounts.items() if amount > 0}
        return positive or dict.fromkeys(amounts, 1.0)

    @api.model
    def _lock_debt(self, moves):
        """Keep invoices to this transaction and read them anew.

        :raise UserError: somebody else is at them
        """
        try:
            moves.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is receiving or renegotiating these invoices. Try "
                    "again in a moment."
                )
            ) from error
        moves.invalidate_recordset()
