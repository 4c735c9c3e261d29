from odoo import fields, models

from ..const import LATE_KINDS


class ContractCharge(models.Model):
    """Charges of invoices that were merged remember what billed them."""

    _inherit = "contract.charge"

    original_move_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Line that billed this before its invoice was merged with others.",
    )

    def _restore_originals(self):
        """Tie charges to the lines that billed them before, and post those again."""
        detached = self.filtered(
            lambda c: c.kind in LATE_KINDS and not c.original_move_line_id
        )
        detached.write({"state": "cancelled"})
        charges = self.filtered("original_move_line_id")
        lines = charges.mapped("original_move_line_id")
        due_dates = {line.move_id: line.move_id.invoice_date_due for line in lines}
        lines.move_id.button_draft()
        lines.move_id.action_post()
        for charge in charges:
            charge.due_date = due_dates[charge.original_move_line_id.move_id]
        originals = lines.browse(charge.original_move_line_id.id for charge in charges)
        charges._mark_billed(originals)
        charges.original_move_line_id = False
