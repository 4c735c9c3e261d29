from contextlib import nullcontext

from odoo import api, models


class AccountMoveLine(models.Model):
    """Reconciling many invoices at once."""

    _inherit = "account.move.line"

    @api.model
    def _reconcile_many(self, plan):
        """Reconcile as `_reconcile_plan` does, in less time; the entries are the same.

        Odoo compares taxes, due dates and discounts of each invoice before and after,
        though reconciling changes none of them. That is left out where no entry can
        come of it: with other currencies (exchange differences) or taxes due on
        payment (cash basis) everything is done Odoo's way.

        :param plan: lines to reconcile with each other, a recordset for each group
        """
        lines = self.union(*plan)
        moves = self.env["account.move"]
        with (
            # what Odoo itself keeps in force within a comparison
            moves._disable_recursion({}, "skip_invoice_sync")
            if lines._is_reconciled_plainly()
            else nullcontext()
        ):
            self._reconcile_plan(plan)

    def _is_reconciled_plainly(self):
        """Return whether reconciling these lines makes no entries of its own."""
        return not any(self.company_id.mapped("tax_exigibility")) and all(
            line.currency_id == line.company_currency_id for line in self
        )
