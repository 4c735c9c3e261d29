from odoo import fields, models


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
        [
            ("reminder", "Reminder"),
            ("notice", "Overdue notice"),
            ("block_warning", "Warning before the block"),
            ("reduce", "Reduction"),
            ("block", "Block"),
            ("termination_notice", "Termination notice"),
            ("credit_bureau", "Credit bureau"),
            ("cancel", "Cancellation"),
        ],
        required=True,
    )
    offset_days = fields.Integer()
    date = fields.Date(required=True, help="São Paulo date on which it was taken.")
    state = fields.Selection(
        [
            ("done", "Done"),
            ("held", "Waits for what the law asks"),
            ("undone", "Undone"),
        ],
        default="done",
        required=True,
    )
    message = fields.Char(help="Why it waits or was undone.")
