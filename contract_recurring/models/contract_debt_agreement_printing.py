from odoo import models
from odoo.exceptions import UserError

from .contract_print import PRINT_LANGUAGE


class ContractDebtAgreement(models.Model):
    """The agreement on paper (*termo de acordo*)."""

    _inherit = "contract.debt.agreement"

    def _get_print_template(self):
        """Return the company's first text of agreements."""
        self.ensure_one()
        template = self.env["contract.print.template"].search(
            [
                ("kind", "=", "agreement"),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            order="company_id, sequence, id",  # the company's own before the common
            limit=1,
        )
        if not template:
            raise UserError(
                self.env._(
                    "There is no text to print %(agreement)s from. Write one under "
                    "Configuration, Contract Texts.",
                    agreement=self.name,
                )
            )
        return template

    def _with_print_language(self):
        """Return the agreement in the language contracts are printed in."""
        installed = self.env["res.lang"]._get_data(code=PRINT_LANGUAGE)
        return self.with_context(lang=PRINT_LANGUAGE) if installed else self

    def _render_print_text(self):
        """Return the clauses of the agreement as HTML."""
        agreement = self._with_print_language()
        return agreement._get_print_template()._render_contract(agreement)
