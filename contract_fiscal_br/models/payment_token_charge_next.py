from odoo import api, models
from odoo.fields import Domain

from odoo.addons.contract_recurring.const import OPEN_PAYMENT_STATES

from .payment_token_charge import LIVE_STATES


class PaymentTokenCharge(models.Model):
    """What comes after an attempt that failed: another one, or nothing by itself."""

    _inherit = "payment.token.charge"

    @api.depends("state", "move_id.payment_state", "move_id.is_token_charge_stopped")
    def _compute_is_chargeable(self):
        siblings = self.search([("move_id", "in", self.move_id.ids)])
        by_move = siblings.grouped("move_id")
        for charge in self:
            same = by_move.get(charge.move_id, self.browse())
            newest = max(same.mapped("attempt"), default=0)
            charge.is_chargeable = (
                charge.state in ("failed", "cancelled")
                and charge.attempt == newest
                and charge.move_id.state == "posted"
                and charge.move_id.payment_state in OPEN_PAYMENT_STATES
            )
            charge.next_date = charge.is_chargeable and same._get_next_date()

    def _get_next_date(self):
        """Return when the invoice of these attempts, all there are, is charged next."""
        move = self.move_id
        if move.is_token_charge_stopped or not move._is_token_chargeable():
            return None
        company = move.company_id
        day = self._get_retry_date(company._get_token_retry_days())
        return day and max(day, company._get_local_date())

    def _search_is_chargeable(self, operator, value):
        if operator != "in":
            return NotImplemented
        busy = self._search([("state", "in", (*LIVE_STATES, "done"))])
        return (
            Domain("state", "in", ("failed", "cancelled"))
            & Domain("move_id.state", "=", "posted")
            & Domain("move_id.payment_state", "in", OPEN_PAYMENT_STATES)
            & Domain("move_id", "not in", busy.subselect("move_id"))
        )
