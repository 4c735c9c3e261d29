from odoo import models


class AccountMove(models.Model):
    """An invoice is debited from an account, or paid by boleto where that fails."""

    _inherit = "account.move"

    def _get_debit_authorization(self):
        """Return the authorisation by which the invoice is debited, if any."""
        self.ensure_one()
        contract = self.contract_charge_ids.contract_id[:1]
        account = self.collection_account_id.sudo()
        return contract._get_authorised_debit(account)

    def _fall_back_from_debit(self, day):
        """Let a boleto collect what is not debited; return the new titles."""
        self.ensure_one()
        account = self.sudo().collection_account_id
        mode = account.debit_fallback_mode_id
        titles = self.env["collection.title"]
        if account.backend != "cnab_debit" or not mode:
            return titles
        self.sudo().payment_mode_id = mode
        if not self._needs_boleto():
            return titles
        return titles._issue_possible(self, day)
