import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ..tools.number_words import (
    number_in_words,
    percent_in_words,
    reais_in_words,
)
from ..tools.print_placeholders import (
    FUNCTIONS,
    PlaceholderError,
    read_placeholders,
)

# Fields no text prints, although nothing guards them in their own model.
SECRET_NAME = re.compile("token|password|secret|api_key", re.IGNORECASE)


class ContractPrintTemplate(models.Model):
    """A text contracts are printed from, with placeholders for their data.

    Rendered as mail templates are, but with less to reach: see
    ``tools/print_placeholders.py``. A wrong placeholder is refused when the
    text is saved, not when a customer waits at the counter.
    """

    _name = "contract.print.template"
    _description = "Contract Text"
    _inherit = ["mail.render.mixin"]
    _order = "sequence, name"
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

    @api.constrains("body")
    def _check_placeholders(self):
        for template in self:
            try:
                for placeholder, paths in read_placeholders(template.body):
                    for path in paths:
                        template._check_path(placeholder, path)
            except PlaceholderError as error:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” cannot print the placeholder "
                        "“%(placeholder)s”. Use fields of the contract that begin "
                        "with “object.”, such as object.partner_id.name.",
                        template=template.name,
                        placeholder=error.placeholder,
                    )
                ) from error

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
        """Return the model whose fields the text prints."""
        return self.env["contract.contract"]

    def _check_path(self, placeholder, path):
        """Raise unless the path leads to fields everybody may read."""
        model = self._get_printed_model()
        for name in path:
            field = model._fields.get(name) if model is not None else None
            if field is None or field.groups or SECRET_NAME.search(name):
                raise PlaceholderError(placeholder)
            model = self.env[field.comodel_name] if field.relational else None

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
