from odoo import api, models
from odoo.tools import format_date

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

    @api.depends("kind", "paid", "occurred_on", "title_id")
    def _compute_display_name(self):
        """Name payments by amount and day: people choose them from lists."""
        result = super()._compute_display_name()
        for event in self.filtered("paid"):
            event.display_name = " · ".join(
                filter(
                    None,
                    (
                        event.currency_id.format(event.paid),
                        format_date(self.env, event.occurred_on),
                        event.partner_id.name,
                    ),
                )
            )
        return result

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
