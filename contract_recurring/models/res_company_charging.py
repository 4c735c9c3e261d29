from odoo import fields, models


class ResCompany(models.Model):
    """How invoices of contracts print, where plan and contract say nothing."""

    _inherit = "res.company"

    contract_invoice_layout_id = fields.Many2one(
        "contract.invoice.layout", string="Invoice Layout"
    )
