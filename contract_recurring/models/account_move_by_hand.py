from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class AccountMove(models.Model):
    """Invoices of contracts that people issue, and take back while unpaid."""

    _inherit = "account.move"

    is_issued_by_hand = fields.Boolean(
        readonly=True,
        copy=False,
        help="Issued from a contract, not by a billing run: it may be taken back.",
    )

    # === ACTIONS ===

    def action_take_back(self):
        """Undo invoices issued by hand: their charges go, too."""
        today = fields.Date.context_today(self)
        for move in self:
            move._take_back(today)

    # === BUSINESS ===

    def _take_back(self, today):
        """Cancel the invoice and what was entered by hand for it.

        What a run or another event had entered waits for the next invoice.
        """
        self.ensure_one()
        self._check_may_issue_contract_invoice()
        move = self.sudo()
        if not move.is_issued_by_hand:
            raise UserError(
                self.env._(
                    "%(invoice)s was not issued by hand. Regenerate or cancel it.",
                    invoice=move.display_name,
                )
            )
        move._lock_contracts()
        move._check_replaceable()
        charges = move.contract_charge_ids
        by_hand = charges.filtered("is_issued_at_once")
        by_hand._check_last_of_line()
        move.button_cancel()
        by_hand._take_back()
        move._record_on_contracts(
            charges.contract_id,
            self.env._("%(invoice)s taken back", invoice=move.name),
        )

    def _lock_contracts(self):
        for contract in self.contract_charge_ids.contract_id:
            contract._lock_for_change()

    @api.model
    def _record_on_contracts(self, contracts, words, reason=None):
        self.env["contract.event"]._record(
            contracts, "invoice", to_state=words, reason=reason
        )

    # === WHAT KEEPS AN INVOICE AS IT IS ===

    def _get_regenerate_obstacle(self):
        """Return why this invoice cannot be taken out of the books, or None.

        A hook: addons that issue titles and fiscal documents add theirs.
        """
        self.ensure_one()
        return self._get_kind_obstacle() or self._get_payment_obstacle()

    def _get_kind_obstacle(self):
        names = {"invoice": self.display_name}
        if self.state != "posted":
            return self.env._(
                "%(invoice)s is not posted: it was cancelled or replaced.", **names
            )
        if self.move_type != "out_invoice" or not self.contract_charge_ids:
            return self.env._("%(invoice)s is no invoice of a contract.", **names)
        if len(self.contract_charge_ids) < len(self._get_billing_lines()):
            return self.env._(
                "%(invoice)s has lines that were added by hand. Remove them first.",
                **names,
            )
        if self.inalterable_hash:
            return self.env._(
                "%(invoice)s is sealed by its journal. Write a credit note.", **names
            )
        return self._get_period_obstacle()

    def _get_billing_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    def _get_period_obstacle(self):
        """Return why the accounting period is closed, or None."""
        locks = self.sudo()._get_violated_lock_dates(
            self.date, bool(self.line_ids.tax_line_id)
        )
        if not locks:
            return None
        return self.env._(
            "%(invoice)s lies in a period that is closed until %(date)s. Write a "
            "credit note, or ask accounting to open the period.",
            invoice=self.display_name,
            date=format_date(self.env, max(day for day, _name in locks)),
        )

    def _get_payment_obstacle(self):
        names = {"invoice": self.display_name}
        if self.payment_state in ("paid", "in_payment", "reversed"):
            return self.env._("%(invoice)s is paid and stays as it is.", **names)
        if self.payment_state != "not_paid":
            return self.env._(
                "%(invoice)s is partly paid. Undo the payment or the credit first.",
                **names,
            )
        if self._get_live_late_charges():
            return self.env._(
                "Fine or interest of %(invoice)s is charged already. Receive it, or "
                "waive them first.",
                **names,
            )
        return None

    def _check_replaceable(self):
        for move in self.sudo():
            obstacle = move._get_regenerate_obstacle()
            if obstacle:
                raise UserError(obstacle)

    def _check_may_issue_contract_invoice(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "contract_recurring.group_contract_billing"
        ):
            raise AccessError(
                self.env._("Only those who bill contracts may change their invoices.")
            )
