from odoo import api, models
from odoo.fields import Domain

from odoo.addons.contract_recurring.const import OPEN_PAYMENT_STATES

from ..const import LIVE_STATES, REGISTERED_BACKENDS, UNREGISTERED_STATES


class AccountMove(models.Model):
    """An invoice goes to its customer once the bank knows what it is paid by."""

    _inherit = "account.move"

    @api.model
    def _get_unpayable_domain(self):
        """Return the conditions of `_get_payment_slip_waits`, for the database."""
        registers = Domain("backend", "in", REGISTERED_BACKENDS)
        here = Domain("account_id", "any", registers)
        current = Domain("state", "in", LIVE_STATES) & Domain("withdrawal", "=", False)
        unregistered = current & Domain("state", "in", UNREGISTERED_STATES)
        titles = "collection_title_ids"
        is_refused = Domain(titles, "any", here & Domain("state", "=", "rejected"))
        is_refused &= Domain(titles, "not any", current)
        is_refused |= Domain("boleto_obstacle", "!=", False)
        return (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", OPEN_PAYMENT_STATES)
            & (
                Domain(titles, "any", here & unregistered)
                | is_refused
                & Domain("payment_mode_id.collection_account_id", "any", registers)
            )
        )

    def _get_payment_slip_waits(self):
        """Nobody can pay a boleto or a Pix charge before the bank has registered it.

        Debits, Pix Automático and cards take the money without the customer.
        """
        waits = super()._get_payment_slip_waits()
        obstructed = self.sudo().filtered(
            lambda move: (
                move.boleto_obstacle
                and move.collection_account_id.backend in REGISTERED_BACKENDS
            )
        )
        waits |= dict.fromkeys(obstructed, "refused")
        titles = self.env["collection.title"].sudo()
        for title in titles.search(
            [
                ("move_id", "in", self.ids),
                ("state", "in", UNREGISTERED_STATES),
                ("account_id.backend", "in", REGISTERED_BACKENDS),
            ]
        ):
            if title._is_current():
                waits[title.move_id] = "registration"
            elif title.state == "rejected" and title.move_id._needs_boleto():
                waits[title.move_id] = "refused"
        return waits
