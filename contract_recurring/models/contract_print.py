from hashlib import sha256

from odoo import fields, models


class ContractContract(models.Model):
    """The contract on paper."""

    _name = "contract.contract"
    _inherit = ["contract.contract", "contract.print.mixin"]
    _print_kind = "contract"

    # === ACTIONS ===

    def action_print_contract(self):
        """Return the PDF of the contracts."""
        for contract in self:
            contract._get_print_template()
        report = self.env.ref("contract_recurring.report_contract")
        return report.report_action(self, config=False)

    # === BUSINESS ===

    def _get_print_template(self):
        """Return the contract's own text, or else the company's first."""
        self.ensure_one()
        return self.print_template_id or super()._get_print_template()

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
