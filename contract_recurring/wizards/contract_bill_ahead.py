from odoo import api, fields, models


class ContractBillAhead(models.TransientModel):
    """Bills the next periods now (*gerar mensalidade*, S004-103)."""

    _name = "contract.bill.ahead"
    _inherit = "contract.charging.wizard"
    _description = "Bill Periods Ahead"

    placement = fields.Selection(default="own_invoice")
    count = fields.Integer(string="Periods", default=1, required=True)
    first_due_date = fields.Date(
        default=lambda self: self._default_first_due_date(), readonly=True
    )

    @api.model
    def _default_first_due_date(self):
        contract = self.env["contract.contract"].browse(
            self.env.context.get("active_id")
        )
        return contract.recurring_next_date

    @api.depends("count")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.count)

    def _issues_invoices(self):
        return True

    def _apply(self, contract):
        return contract._generate_periods(
            self.count,
            fields.Date.context_today(self),
            expected=self.first_due_date,
        )
