from odoo import fields, models


class ContractContract(models.Model):
    """Which charges a contract has on its recurring invoice (S004-64, 65, 67)."""

    _inherit = "contract.contract"

    debit_kinds = fields.Selection(tracking=True)
    debit_period = fields.Selection(tracking=True)

    def _get_invoice_layout(self):
        if self.invoice_layout_id:
            return self.invoice_layout_id
        plan = self.contract_template_id
        return plan._get_invoice_layout() if plan else super()._get_invoice_layout()

    def _prepare_due_charge(self, line, draft, first_due):
        values = super()._prepare_due_charge(line, draft, first_due)
        if self.debit_period == "current" and draft.due_date < first_due:
            values["is_apart"] = True
        return values
