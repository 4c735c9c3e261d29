from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.inline_placeholders import read_inline, to_element
from ..tools.print_placeholders import FUNCTIONS, PlaceholderError
from .contract_print_template import SECRET_NAME


class ContractInvoiceLayout(models.Model):
    """How invoices of contracts print (*template da fatura*, S004-67)."""

    _name = "contract.invoice.layout"
    _description = "Invoice Layout"
    _order = "sequence, name"

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

    @api.constrains("text_above", "text_below")
    def _check_placeholders(self):
        for layout in self:
            for text in (layout.text_above, layout.text_below):
                layout._check_text(text)

    def _check_text(self, text):
        try:
            for placeholder, paths in read_inline(text):
                for path in paths:
                    self._check_path(placeholder, path)
        except PlaceholderError as error:
            raise ValidationError(
                self.env._(
                    "“%(layout)s” cannot print the placeholder “%(placeholder)s”. "
                    "Use fields of the invoice that begin with “object.”, such as "
                    "object.partner_id.name.",
                    layout=self.name,
                    placeholder=error.placeholder,
                )
            ) from error

    @api.model
    def _check_path(self, placeholder, path):
        """Raise unless the path leads to fields everybody may read."""
        model = self.env["account.move"]
        for name in path:
            field = model._fields.get(name) if model is not None else None
            if field is None or field.groups or SECRET_NAME.search(name):
                raise PlaceholderError(placeholder)
            model = self.env[field.comodel_name] if field.relational else None

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
