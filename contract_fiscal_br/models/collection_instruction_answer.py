from odoo import models

from ..const import STATED


class CollectionInstruction(models.Model):
    """What the bank has confirmed holds for the title."""

    _inherit = "collection.instruction"

    def _confirm(self):
        """Note that the bank did what it was asked for."""
        self.write({"state": "confirmed", "message": False})
        for instruction in self:
            name = STATED.get(instruction.kind)
            if name and instruction[name]:
                instruction.title_id._change_at_once(
                    instruction.kind, {name: instruction[name]}
                )
