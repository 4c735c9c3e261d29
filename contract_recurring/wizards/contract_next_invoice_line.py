from odoo import fields, models


class ContractNextInvoiceLine(models.TransientModel):
    """A charge of the next invoice, not entered yet."""

    _name = "contract.next.invoice.line"
    _description = "Charge of the Next Invoice"
    _order = "number, id"

    wizard_id = fields.Many2one(
        "contract.next.invoice", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    number = fields.Integer(string="Invoice")
    due_date = fields.Date()
    contract_id = fields.Many2one("contract.contract")
    kind = fields.Selection(
        selection=lambda self: (
            self.env["contract.charge"]._fields["kind"]._description_selection(self.env)
        )
    )
    label = fields.Char(string="Charge")
    period_start = fields.Date()
    period_end = fields.Date()
    amount = fields.Monetary()
    explanation = fields.Char()
