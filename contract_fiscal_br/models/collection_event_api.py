from odoo import models

from ..models.collection_instruction_api import OUTCOME_PREFIX


class CollectionEvent(models.Model):
    """An API answers each instruction by itself: nothing has to be guessed."""

    _inherit = "collection.event"

    def _get_answered(self):
        self.ensure_one()
        prefix, _space, number = (self.external_id or "").partition(" ")
        if prefix == OUTCOME_PREFIX and number.isdecimal():
            return self.env["collection.instruction"].browse(int(number)).exists()
        return super()._get_answered()
