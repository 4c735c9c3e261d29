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

    def _settle_with_late_payments(self):
        """Issue the boleto of what the payment leaves open."""
        result = super()._settle_with_late_payments()
        still_open = self.filtered(
            lambda move: move.collection_account_id.is_mass and move._needs_boleto()
        )
        for company, moves in still_open.grouped("company_id").items():
            today = company._get_local_date()
            self.env["collection.title"]._issue(moves, today)
        return result
