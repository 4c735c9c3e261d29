from odoo import api, fields, models
from odoo.exceptions import UserError

from .contract_dunning_step import KINDS


class ContractDunningEntry(models.Model):
    """One step of dunning taken for one invoice of one contract."""

    _name = "contract.dunning.entry"
    _description = "Dunning Step Taken"
    _order = "date desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        KINDS,
        required=True,
    )
    step_id = fields.Many2one(
        "contract.dunning.step", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    offset_days = fields.Integer(
        string="Days Before the Due Date", help="Of a reminder; negative: after it."
    )
    planned_date = fields.Date(help="The day the policy planned it for.")
    run_id = fields.Many2one(
        "contract.dunning.run", index="btree_not_null", ondelete="restrict"
    )
    notice_id = fields.Many2one(
        "contract.notice", index="btree_not_null", ondelete="restrict"
    )
    date = fields.Date(required=True, help="São Paulo date on which it was taken.")
    state = fields.Selection(
        [
            ("done", "Done"),
            ("held", "Held"),
            ("undone", "Undone"),
        ],
        default="done",
        required=True,
    )
    hold = fields.Selection(
        [
            ("no_notice", "No overdue notice is proven to be sent."),
            ("notice_too_recent", "The notice is less than 15 days old."),
            ("no_block", "The service was never blocked."),
            ("block_too_recent", "The block is less than 60 days old."),
            ("no_warning", "No termination notice is proven to be sent."),
        ],
        string="Waits For",
        help="What the law asks for first (Res. Anatel 765/2023, arts. 70 to 77).",
    )
    message = fields.Char(help="Why it was undone, or could not be taken.")

    _step_once = models.UniqueIndex(
        "(contract_id, move_id, step_id, offset_days) WHERE state <> 'undone'",
        "This step was taken for the invoice already.",
    )
    _restricting = models.Index(
        "(contract_id, kind) WHERE state = 'done' AND kind IN ('reduce', 'block')"
    )
    _held = models.Index("(company_id) WHERE state = 'held'")

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A step of dunning is evidence: it stays."))

    # === BUSINESS ===

    def _undo(self, message):
        """Take steps back that should not have been; they stay as evidence."""
        live = self.filtered(lambda entry: entry.state != "undone")
        live.sudo().write({"state": "undone", "message": message})
