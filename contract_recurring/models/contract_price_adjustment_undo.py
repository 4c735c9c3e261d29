from odoo import fields, models


class ContractPriceAdjustment(models.Model):
    """The old prices come back where nothing was charged at the new ones."""

    _inherit = "contract.price.adjustment"

    _running_states = ("running", "undoing")

    state = fields.Selection(
        selection_add=[
            ("done",),
            ("undoing", "Being undone"),
            ("undone", "Undone"),
            ("cancelled",),
        ],
        ondelete={"undoing": "cascade", "undone": "cascade"},
    )

    def action_undo(self):
        """Give the old prices back wherever nothing was charged at the new ones."""
        self._check_step("undo", ("done",))
        for adjustment in self.sudo():
            items = adjustment._get_items("done")
            items.write({"state": "undoing", "message": False})
            adjustment._start(items, "undoing")

    def _get_final_state(self):
        undone = self.state == "undoing" and not self._get_items("done")
        return "undone" if undone else super()._get_final_state()
