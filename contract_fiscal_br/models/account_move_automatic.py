from odoo import models

from ..tools.pix_automatic import get_send_days

LATE_KINDS = frozenset({"fine", "interest"})


class AccountMove(models.Model):
    """An invoice is paid by Pix Automático, or by something else where that fails."""

    _inherit = "account.move"

    def _get_pix_mandate(self):
        """Return the approved mandate that pays the invoice, if any."""
        self.ensure_one()
        contract = self.contract_charge_ids.contract_id[:1]
        return contract._get_approved_mandate(self.collection_account_id)

    def _needs_boleto(self):
        """Without a mandate, or too late for one, there is nothing to collect by."""
        needed = super()._needs_boleto()
        account = self.collection_account_id.sudo()
        if not needed or account.backend != "pix_automatic":
            return needed
        if not self._get_pix_mandate() or self._is_of_late_charges():
            return False
        _first, last = get_send_days(self.invoice_date_due)
        return self.company_id._get_local_date() <= last

    def _is_of_late_charges(self):
        """Return whether the invoice bills nothing but fine and interest.

        The bank takes one charge for each cycle: that is the one of the service.
        """
        self.ensure_one()
        kinds = set(self.sudo().contract_charge_ids.mapped("kind"))
        return bool(kinds) and kinds <= LATE_KINDS

    def _issue_wanted_titles(self, issue_date):
        """Invoices that Pix Automático cannot take any more are collected otherwise."""
        for move in self.sudo():
            if (
                move.collection_account_id.backend == "pix_automatic"
                and move._is_to_be_collected()
                and not move._get_current_titles()
                and not move._needs_boleto()
            ):
                move._use_fallback_mode()
        return super()._issue_wanted_titles(issue_date)

    def _fall_back_from_pix(self, title):
        """Collect otherwise what a charge did not, and tell the customer why."""
        if self._collect_otherwise():
            self._tell_failed_charge(
                f"pix_automatic/{title.id}", title._get_failure_reason()
            )

    def _collect_otherwise(self):
        """Issue what collects the invoice instead; return whether something does."""
        self.ensure_one()
        if not self._is_to_be_collected() or self._get_current_titles():
            return False
        if not self._use_fallback_mode():
            return False
        today = self.company_id._get_local_date()
        self.env["collection.title"].sudo()._issue_possible(self, today)
        return True

    def _use_fallback_mode(self):
        """Let the invoice be paid as the contract was before; return whether it is."""
        self.ensure_one()
        account = self.collection_account_id.sudo()
        contract = self.contract_charge_ids.contract_id[:1]
        mode = contract._get_agreed_payment_mode()
        if mode.collection_account_id == account or not mode.collection_account_id:
            mode = account.debit_fallback_mode_id
        if mode:
            self.sudo().payment_mode_id = mode
        return bool(mode)
