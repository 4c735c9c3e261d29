from odoo import models


class AccountMove(models.Model):
    """What a customer paid beyond an invoice pays its fine and interest."""

    _inherit = "account.move"

    def _settle_with_late_payments(self):
        """Reconcile invoices of fine and interest with what is left of the payments
        that caused them."""
        plan = []
        for move in self:
            receivable = move._get_open_receivable()
            surplus = move._get_late_surplus(receivable.account_id)
            if receivable and surplus:
                plan.append(receivable | surplus)
        if plan:
            self.env["account.move.line"]._reconcile_many(plan)

    def _get_late_surplus(self, account):
        """Return what is left on an account of the payments that were late."""
        self.ensure_one()
        return self._get_lines_of_late_payers().filtered(
            lambda line: (
                line.account_id == account
                and line.partner_id.commercial_partner_id
                == self.partner_id.commercial_partner_id
                and line.balance < 0
                and not line.reconciled
            )
        )

    def _get_lines_of_late_payers(self):
        """Return the lines of what was paid late; a hook for entries that hold the
        payments of many customers."""
        self.ensure_one()
        return self.contract_charge_ids.late_payment_line_id.move_id.line_ids

    def _get_open_receivable(self):
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
