from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountMove(models.Model):
    """Writing an unpaid invoice anew from the ledger (*regerar fatura*, S004-108)."""

    _inherit = "account.move"

    replaced_by_id = fields.Many2one(
        "account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    replaces_ids = fields.One2many("account.move", "replaced_by_id")

    def _regenerate(self, today, due_date=None, reason=None):
        """Cancel the invoice and write it again with the terms of today.

        Prices, plan, discounts and holder are those the contract has now for
        the days billed. What was entered once is billed again as it was.

        :param due_date: of the new invoice; today for one that is overdue
        :return: the new invoices
        :raise UserError: paid, in a closed period, or nothing left to bill
        """
        self.ensure_one()
        self._check_may_issue_contract_invoice()
        move = self.sudo()
        move._lock_contracts()
        move._check_replaceable()
        due_date = due_date or max(move.invoice_date_due, today)
        move._check_new_due_date(due_date, today)
        charges = move.contract_charge_ids
        contracts = charges.contract_id
        contracts._check_billable()
        amount, old_due_date = move.amount_total, move.invoice_date_due
        is_by_hand = move.is_issued_by_hand
        move.button_cancel()
        renewed = charges._renew(old_due_date, due_date)
        if not renewed:
            raise UserError(
                self.env._(
                    "Nothing is left to bill of %(invoice)s. Cancel it instead.",
                    invoice=move.name,
                )
            )
        new = self.env["contract.invoice.writer"].sudo()._invoice(renewed, today)
        new.is_issued_by_hand = is_by_hand
        move.replaced_by_id = new[:1]
        move._record_replacement(contracts, amount, new, reason)
        return self.browse(new.ids)

    def _record_replacement(self, contracts, amount, new, reason):
        self._record_on_contracts(
            contracts,
            self.env._(
                "%(old)s of %(before)s written anew: %(new)s of %(after)s",
                old=self.name,
                before=self._format_amount(amount),
                new=", ".join(new.mapped("name")),
                after=self._format_amount(sum(new.mapped("amount_total"))),
            ),
            reason,
        )

    def _format_amount(self, amount):
        return self.currency_id.format(amount)

    def _check_new_due_date(self, due_date, today):
        """Raise for a due date that would be overdue at once."""
        if due_date < today and due_date != self.invoice_date_due:
            raise UserError(
                self.env._(
                    "The new invoice would be due on %(date)s, before today. Choose "
                    "a later day.",
                    date=format_date(self.env, due_date),
                )
            )
