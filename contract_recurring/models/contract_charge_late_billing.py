import logging

from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ContractCharge(models.Model):
    """Fine and interest that are billed as soon as a late payment has come."""

    _inherit = "contract.charge"

    def _bill_late(self, today):
        """Invoice what is to be billed with the payment, and let it pay for it."""
        charges = self.filtered(lambda charge: charge._is_billed_with_payment())
        for group in charges._group_late_bills():
            moves = group._invoice_late(today)
            customers = group.grouped(lambda charge: charge.late_move_id.partner_id)
            if not moves and len(customers) > 1:
                # of many customers at once one may be refused: the others go on
                for charges_of_one in customers.values():
                    moves |= charges_of_one._invoice_late(today)
            moves._settle_with_late_payments()

    def _group_late_bills(self):
        """Return the charges to invoice together.

        All of them, but for those of a contract whose former holder owes, too: they
        would share an invoice.
        """
        customers = {}
        for charge in self:
            partner = charge.late_move_id.partner_id
            customers.setdefault(charge.contract_id, set()).add(partner)
        apart = self.filtered(lambda charge: len(customers[charge.contract_id]) > 1)
        groups = apart.grouped(lambda charge: charge.late_move_id.partner_id)
        return [group for group in (self - apart, *groups.values()) if group]

    def _is_billed_with_payment(self):
        """Return whether this waits for no other invoice.

        What an earlier holder of the contract owes never goes on an invoice
        of the present one.
        """
        self.ensure_one()
        contract = self.contract_id
        holder = contract.invoice_partner_id or contract.partner_id
        return self.state == "pending" and (
            contract._get_late_charge_policy() == "with_payment"
            or self.late_move_id.partner_id != holder
        )

    def _invoice_late(self, today):
        """Return the posted invoices.

        Where accounting refuses, the charges wait for the next invoice: the
        payment itself must not fail for them.
        """
        try:
            with self.env.cr.savepoint():
                return self.env["contract.invoice.writer"].sudo()._invoice(self, today)
        except (UserError, IntegrityError):
            _logger.exception("Fine and interest of %s wait", self.late_move_id)
            self.invalidate_recordset()
            return self.env["account.move"]
