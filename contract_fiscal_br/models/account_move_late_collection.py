from odoo import models


class AccountMove(models.Model):
    """Invoices of fine and interest that a bank's payment settles at once."""

    _inherit = "account.move"

    def _get_lines_of_late_payers(self):
        """Each payment of a return pays its own fine and interest: the entry has many
        customers' lines, and some twice."""
        payers = self.contract_charge_ids.late_payment_line_id
        told = payers.filtered("collection_event_id")
        if not told:
            return super()._get_lines_of_late_payers()
        others = (payers - told).move_id.line_ids
        return told.collection_event_id.posted_line_ids | others
