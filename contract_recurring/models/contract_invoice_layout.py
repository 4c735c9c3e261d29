from odoo import fields, models

from ..tools.inline_placeholders import read_inline, to_element
from ..tools.print_placeholders import FUNCTIONS


class ContractInvoiceLayout(models.Model):
    """How invoices of contracts print (*template da fatura*, S004-67)."""

    _name = "contract.invoice.layout"
    _description = "Invoice Layout"
    _inherit = "contract.placeholder.mixin"
    _order = "sequence, name"
    _placeholder_fields = ("text_above", "text_below")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    lines_shown = fields.Selection(
        [
            ("explained", "Each charge with its explanation"),
            ("plain", "Each charge"),
            ("by_contract", "One amount for each contract"),
        ],
        string="Lines",
        default="explained",
        required=True,
    )
    text_above = fields.Text(
        translate=True,
        help="Stands above the lines. Fields of the invoice go in double braces, "
        "such as {{ object.partner_id.name }}.",
    )
    text_below = fields.Text(translate=True, help="Stands below the totals.")

    def _get_printed_model(self):
        return self.env["account.move"]

    def _read_placeholders(self):
        """Yield those of all languages: one may be written in another's."""
        for lang, _name in self.env["res.lang"].get_installed():
            layout = self.with_context(lang=lang)
            for name in self._placeholder_fields:
                yield from read_inline(layout[name])

    def _print_text(self, name, move):
        """Return one of the texts, filled in for an invoice."""
        self.ensure_one()
        if not self[name]:
            return ""
        printing = self.env["contract.print.template"]
        functions = printing._render_eval_context()
        values = {key: functions[key] for key in FUNCTIONS}
        return self.env["ir.qweb"]._render(
            to_element(self[name]), values | {"object": move}, minimal_qcontext=True
        )
