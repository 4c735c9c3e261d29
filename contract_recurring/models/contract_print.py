from hashlib import sha256

from odoo import fields, models
from odoo.exceptions import UserError

PRINT_LANGUAGE = "pt_BR"


class ContractContract(models.Model):
    """The contract on paper."""

    _inherit = "contract.contract"

    # === ACTIONS ===

    def action_print_contract(self):
        """Return the PDF of the contracts."""
        for contract in self:
            contract._get_print_template()
        report = self.env.ref("contract_recurring.report_contract")
        return report.report_action(self, config=False)

    # === BUSINESS ===

    def _get_print_template(self):
        """Return the text to print: the contract's, or the company's first."""
        self.ensure_one()
        templates = self.env["contract.print.template"]
        template = self.print_template_id or templates.search(
            [
                ("kind", "=", "contract"),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            order="company_id, sequence, id",  # the company's own before the common
            limit=1,
        )
        if not template:
            raise UserError(
                self.env._(
                    "There is no text to print %(contract)s from. Write one under "
                    "Configuration, Contract Texts.",
                    contract=self.display_name,
                )
            )
        return template

    def _with_print_language(self):
        """Return the contract in the language contracts are printed in."""
        installed = self.env["res.lang"]._get_data(code=PRINT_LANGUAGE)
        return self.with_context(lang=PRINT_LANGUAGE) if installed else self

    def _render_print_text(self):
        """Return the clauses of the contract as HTML."""
        contract = self._with_print_language()
        template = contract._get_print_template()
        return template._render_contract(contract)

    def _get_print_digest(self):
        """Return the SHA-256 of the clauses, printed at the end.

        A file cannot carry its own digest: this one tells which text the
        paper holds; the one of the PDF stands in the acceptance.
        """
        return sha256(str(self._render_print_text()).encode()).hexdigest()

    def _render_contract_pdf(self):
        """Return the contract as the bytes of a PDF."""
        self.ensure_one()
        contract = self._with_print_language()
        contract._get_print_template()
        reports = contract.env["ir.actions.report"].sudo()
        content, _kind = reports._render_qweb_pdf(
            "contract_recurring.report_contract", contract.ids
        )
        return content

    def _get_print_lines(self):
        """Return the lines a customer signs for."""
        self.ensure_one()
        day = max(self.date_start or self.date, fields.Date.context_today(self))
        return self._lines_in_force(day).sorted("sequence")
