from odoo import models

from .collection_instruction_api import OUTCOME_PREFIX
from .pix_refund import LIVE_STATES


class CollectionEvent(models.Model):
    """An API answers each instruction by itself: nothing has to be guessed."""

    _inherit = "collection.event"

    def _get_answered(self):
        self.ensure_one()
        prefix, _space, number = (self.external_id or "").partition(" ")
        if prefix == OUTCOME_PREFIX and number.isdecimal():
            return self.env["collection.instruction"].browse(int(number)).exists()
        return super()._get_answered()

    # === GIVING BACK ===

    def _get_refundable(self, besides=None):
        """Return what of a Pix can be given back.

        :param besides: a `pix.refund` not counted
        """
        self.ensure_one()
        asked = self.env["pix.refund"].search(
            [("event_id", "=", self.id), ("state", "in", LIVE_STATES)]
        )
        own = asked - (besides or asked.browse())
        by_others = self.returning_ids.filtered(
            lambda back: back.external_id not in asked.mapped("return_number")
        )
        return self.currency_id.round(
            self.paid - sum(own.mapped("amount")) - sum(by_others.mapped("paid"))
        )
