from odoo import models
from odoo.exceptions import UserError

PRINT_LANGUAGE = "pt_BR"


class ContractPrintMixin(models.AbstractModel):
    """What is printed from one of the texts people write (contract.print.template)."""

    _name = "contract.print.mixin"
    _description = "Printed from a Contract Text"

    # Which of the texts, by their field `kind`.
    _print_kind = None

    def _get_print_template(self):
        """Return the text to print: the company's first.

        :raise UserError: there is none
        """
        self.ensure_one()
        template = self.env["contract.print.template"].search(
            [
                ("kind", "=", self._print_kind),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            order="company_id, sequence, id",  # the company's own before the common
            limit=1,
        )
        if not template:
            raise UserError(
                self.env._(
                    "There is no text to print %(record)s from. Write one under "
                    "Configuration, Contract Texts.",
                    record=self.display_name,
                )
            )
        return template

    def _with_print_language(self):
        """Return the record in the language contracts are printed in."""
        installed = self.env["res.lang"]._get_data(code=PRINT_LANGUAGE)
        return self.with_context(lang=PRINT_LANGUAGE) if installed else self

    def _render_print_text(self):
        """Return the clauses as HTML."""
        record = self._with_print_language()
        return record._get_print_template()._render_contract(record)
