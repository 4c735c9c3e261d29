from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.number_words import (
    number_in_words,
    percent_in_words,
    reais_in_words,
)
from ..tools.print_placeholders import FUNCTIONS, read_placeholders


class ContractPrintTemplate(models.Model):
    """A text contracts are printed from, with placeholders for their data.

    Rendered as mail templates are, but with less to reach: see
    ``tools/print_placeholders.py``.
    """

    _name = "contract.print.template"
    _description = "Contract Text"
    _inherit = ["contract.placeholder.mixin", "mail.render.mixin"]
    _order = "sequence, name"
    _placeholder_fields = ("body",)
    # Everybody who may print does; what a text may ask for is checked by us.
    _unrestricted_rendering = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Counts the changes of the text; an acceptance keeps the one accepted.",
    )
    body = fields.Html(
        string="Text",
        required=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        help="Write “/” to add a field of the contract.",
    )

    def _compute_render_model(self):
        self.render_model = "contract.contract"

    def write(self, vals):
        changed = (
            self.filtered(lambda template: template.body != vals["body"])
            if "body" in vals
            else self.browse()
        )
        result = super().write(vals)
        for template in changed:
            template.version += 1
        return result

    def _get_printed_model(self):
        return self.env["contract.contract"]

    def _read_placeholders(self):
        return read_placeholders(self.body)

    @api.model
    def _render_eval_context(self):
        """Leave only what placeholders may use."""
        context = super()._render_eval_context()
        context |= {
            "format_number": self._format_number,
            "amount_in_words": self._amount_in_words,
            "number_in_words": number_in_words,
            "percent_in_words": percent_in_words,
        }
        return {name: context[name] for name in FUNCTIONS}

    @api.model
    def _format_number(self, number):
        """Return a number without needless zeros: 4 hours, 1,5 hours."""
        point = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return f"{number:g}".replace(".", point.decimal_point or ".")

    @api.model
    def _amount_in_words(self, amount, currency):
        """Return an amount and, where it is in reais, its words."""
        figure = format_amount(self.env, amount, currency)
        if currency.name != "BRL":
            return figure
        return f"{figure} ({reais_in_words(amount)})"

    def _render_contract(self, contract):
        """Return the text of one contract as HTML."""
        self.ensure_one()
        self._check_placeholders()
        try:
            return self.with_context(lang=contract.env.lang)._render_template(
                self.body, contract._name, contract.ids, engine="qweb"
            )[contract.id]
        except UserError as error:
            raise UserError(
                self.env._(
                    "“%(template)s” could not be printed for %(contract)s. Check "
                    "the placeholders of the text: amounts and dates go into "
                    "format_amount(…) and format_date(…).",
                    template=self.name,
                    contract=contract.display_name,
                )
            ) from error
