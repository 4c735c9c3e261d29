from odoo import models


class CollectionInstruction(models.Model):
    """What the bank has confirmed holds for the title."""

    _inherit = "collection.instruction"

    def _confirm(self):
        """Note that the bank did what it was asked for."""
        self.write({"state": "confirmed", "message": False})
        for instruction in self:
            if instruction.kind == "change_due_date" and instruction.due_date:
                instruction.title_id.due_date = instruction.due_date
            elif instruction.kind == "change_amount" and instruction.amount:
                instruction.title_id.amount = instruction.amount
