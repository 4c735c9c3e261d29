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

    def _drop_instructions(self):
        """Take back what the bank was not asked for yet."""
        waiting = self.instruction_ids.filtered(lambda i: i.state == "pending")
        waiting.write({"state": "cancelled"})

    def _withdraw(self):
        """Stop collecting what was paid otherwise.

        A title that the bank does not know is cancelled; another is to be written off
        there, and collects until the bank confirms.
        """
        unknown = self.filtered(lambda title: title.state in ("draft", "to_register"))
        unknown._drop_instructions()
        unknown.state = "cancelled"
        known = self.filtered(
            lambda title: (
                title.state in ("sent", "registered", "protested")
                and not title._is_asked("write_off")
            )
        )
        known._drop_instructions()
        known._instruct("write_off")

    def _is_asked(self, kind):
        """Return whether the bank was asked for something and has not refused."""
        self.ensure_one()
        return any(
            i.kind == kind and i.state in ("pending", "sent", "uncertain", "confirmed")
            for i in self.instruction_ids
        )
