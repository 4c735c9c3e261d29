from odoo import fields, models


class ContractTemplate(models.Model):
    """What goes on the recurring invoice of a plan, and how that prints."""

    _inherit = "contract.template"

    debit_kinds = fields.Selection(
        [
            ("all", "All charges"),
            ("periods_sales", "Periods and sales"),
            ("periods_late", "Periods, fine and interest"),
            ("periods", "Periods only"),
        ],
        string="Charges on the Invoice",
        default="all",
        required=True,
        help="Other charges get an invoice of their own (tipos de débito).",
    )
    debit_period = fields.Selection(
        [
            ("all", "All that waits"),
            ("current", "Only the current period"),
        ],
        string="Periods on the Invoice",
        default="all",
        required=True,
        help="What was due earlier and was not billed joins the invoice, or gets one "
        "of its own (período dos débitos).",
    )
    invoice_layout_id = fields.Many2one(
        "contract.invoice.layout",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Empty: as the next level, a contract as its plan, a plan as the company.",
    )

    def _prepare_contract(self):
        return super()._prepare_contract() | {
            "debit_kinds": self.debit_kinds,
            "debit_period": self.debit_period,
        }

    def _get_invoice_layout(self):
        """Return the layout of this record, or of the next level."""
        company = self.company_id or self.env.company
        return self.invoice_layout_id or company.contract_invoice_layout_id
