from odoo import models


class CollectionTitle(models.Model):
    """Titles, as far as settling their payments asks for them."""

    _inherit = "collection.title"

    def _get_receivables(self):
        """Return {title: receivable lines of its invoice}, the oldest first."""
        lines = self.env["account.move.line"].search(
            [
                ("move_id", "in", self.move_id.ids),
                ("account_type", "=", "asset_receivable"),
            ],
            order="date_maturity, id",
        )
        by_move = lines.grouped("move_id")
        return {title: by_move.get(title.move_id, lines.browse()) for title in self}

    def _get_granted_discounts(self):
        """Return {title: [(amount, last day or False)]} of what the bank may give."""
        granted = {}
        for instruction in self.instruction_ids.filtered(
            lambda i: i.kind == "discount" and i.state in ("sent", "confirmed")
        ):
            granted.setdefault(instruction.title_id, []).append(
                (instruction.amount, instruction.date_limit)
            )
        return granted
