from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import INSTRUCTION_KINDS


class CollectionInstruction(models.Model):
    """What the bank is asked to do with a title, by file or by API."""

    _name = "collection.instruction"
    _description = "Collection Instruction"
    _order = "id desc"

    title_id = fields.Many2one(
        "collection.title", required=True, readonly=True, index=True
    )
    account_id = fields.Many2one(
        related="title_id.account_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="title_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="title_id.currency_id")
    partner_id = fields.Many2one(related="title_id.partner_id", string="Payer")
    kind = fields.Selection(INSTRUCTION_KINDS, required=True, readonly=True)
    due_date = fields.Date(readonly=True, help="The new due date.")
    amount = fields.Monetary(
        readonly=True, help="The new amount, or the discount that is granted."
    )
    date_limit = fields.Date(
        string="Until", readonly=True, help="Last day of the discount."
    )
    state = fields.Selection(
        [
            ("pending", "To send"),
            ("sent", "Sent"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
            ("uncertain", "Uncertain"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    message = fields.Char(readonly=True)

    _one_pending = models.UniqueIndex(
        "(title_id, kind) WHERE state = 'pending'",
        "The bank is about to be asked this already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("An instruction is never deleted. Cancel it: the bank may know.")
        )

    # === BUSINESS ===

    @api.model
    def _request(self, titles, kind, **values):
        """Ask the bank of each title for something; return the instructions.

        What waits already is brought up to date. Nothing is sent here: the account's
        backend does it afterwards.
        """
        waiting = self.search(
            [
                ("title_id", "in", titles.ids),
                ("kind", "=", kind),
                ("state", "=", "pending"),
            ]
        )
        waiting.write(values)
        new = self.create(
            [
                {"title_id": title.id, "kind": kind, **values}
                for title in titles - waiting.title_id
            ]
        )
        return waiting | new
