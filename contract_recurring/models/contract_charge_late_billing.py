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
        for _customer, group in charges.grouped(
            lambda charge: charge.late_move_id.partner_id
        ).items():
            for move in group._invoice_late(today):
                move._settle_with_late_payments()

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
