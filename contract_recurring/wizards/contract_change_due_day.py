from odoo import api, fields, models


class ContractChangeDueDay(models.TransientModel):
    """Another day of the month on which invoices are due."""

    _name = "contract.change.due.day"
    _inherit = "contract.change.wizard"
    _description = "Change the Due Day of a Contract"

    due_day = fields.Integer(string="New Due Day", required=True)
    due_days_offered = fields.Char(related="contract_id.due_days_offered")

    @api.depends("due_day")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.due_day)

    def _apply(self, contract):
        contract._change_due_day(self.due_day, reason=self.reason)
