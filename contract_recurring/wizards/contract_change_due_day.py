from odoo import api, fields, models

from ..tools.due_days import parse_due_days


class ContractChangeDueDay(models.TransientModel):
    """Another day of the month on which invoices are due."""

    _name = "contract.change.due.day"
    _inherit = "contract.change.wizard"
    _description = "Change the Due Day of a Contract"

    due_day = fields.Integer(
        string="New Due Day",
        compute="_compute_due_day",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    present_due_day = fields.Integer(
        string="Present Due Day", related="contract_id.due_day"
    )
    due_days_offered = fields.Char(related="contract_id.due_days_offered")

    @api.depends("contract_id")
    def _compute_due_day(self):
        """Propose the next of the days the plan offers, or the first."""
        for wizard in self:
            present = wizard.contract_id.due_day
            offered = parse_due_days(wizard.contract_id.due_days_offered)
            others = sorted({*offered} - {present})
            later = [day for day in others if day > present]
            wizard.due_day = (later or others or [0])[0]

    @api.depends("due_day")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.due_day)

    def _apply(self, contract):
        contract._change_due_day(self.due_day, reason=self.reason)
