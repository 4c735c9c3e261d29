from odoo import models


class AccountMove(models.Model):
    """An invoice is settled, in part or whole, by credit notes of its customer."""

    _inherit = "account.move"

    def _take_off(self, credit_notes):
        """Reconcile the invoice with credit notes; those of others are left alone.

        After a change of holder the former one's credit stays the former one's.
        """
        self.ensure_one()
        own = credit_notes.filtered(
            lambda note: (
                note.commercial_partner_id == self.commercial_partner_id
                and note.currency_id == self.currency_id
            )
        )
        lines = (self | own).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        for same_account in lines.grouped("account_id").values():
            if self in same_account.move_id and own & same_account.move_id:
                same_account.reconcile()
