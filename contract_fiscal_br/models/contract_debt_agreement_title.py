from odoo import models


class ContractDebtAgreement(models.Model):
    """Instalments of an agreement are paid by boletos (S001-08).

    The titles of the originals are taken back as their invoices are cleared.
    """

    _inherit = "contract.debt.agreement"

    def _invoice_instalments(self, quote, day):
        result = super()._invoice_instalments(quote, day)
        self.instalment_ids.move_id._issue_wanted_titles(day)
        return result
