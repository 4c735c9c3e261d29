from odoo import models
from odoo.fields import Domain

from ..const import OPEN_PAYMENT_STATES
from ..tools.late_charge import is_late


class ContractContract(models.Model):
    """Fine and interest of overdue invoices on the next one (S004-66).

    Only where the contract says so, and only together with something else
    that is due: interest alone never makes an invoice.
    """

    _inherit = "contract.contract"

    def _enter_due_charges(self, due_from, due_until, day=None):
        charges = super()._enter_due_charges(due_from, due_until, day)
        return charges | self._enter_overdue_interest(charges, day or due_from)

    def _enter_overdue_interest(self, charges, day):
        """Enter what the overdue invoices of contracts with charges to bill owe."""
        entered = self.env["contract.charge"].sudo()
        due_dates = {
            contract: min(group.mapped("due_date"))
            for contract, group in charges.grouped("contract_id").items()
        }
        contracts = self.browse(contract.id for contract in due_dates)
        prepared = contracts._prepare_overdue_interest(day)
        for contract, vals_list in prepared.items():
            entered |= self.env["account.move"]._enter_late_charges(
                vals_list, due_dates[contract]
            )
        return entered.filtered(lambda charge: charge.state == "pending")

    def _prepare_overdue_interest(self, day):
        """Return {contract: values of the charges} of what is overdue on a day."""
        included = self.filtered("is_overdue_interest_included")
        prepared = {}
        for vals_list in (
            included._get_overdue_moves(day)._prepare_late_charges_of_each(day).values()
        ):
            for vals in vals_list:
                contract = self.browse(vals["contract_id"])
                if contract in included:
                    prepared.setdefault(contract, []).append(vals)
        return prepared

    def _get_overdue_moves(self, day):
        """Return the open invoices of the contracts that are late on a day."""
        if not self:
            return self.env["account.move"]
        moves = (
            self.env["account.move"]
            .sudo()  # who bills contracts may know what is open on them
            .search(
                Domain("contract_charge_ids.contract_id", "in", self.ids)
                & Domain("move_type", "=", "out_invoice")
                & Domain("state", "=", "posted")
                & Domain("payment_state", "in", OPEN_PAYMENT_STATES)
                & Domain("invoice_date_due", "<", day),
                order="invoice_date_due, id",
            )
        )
        return moves.filtered(lambda move: is_late(move.invoice_date_due, day))
