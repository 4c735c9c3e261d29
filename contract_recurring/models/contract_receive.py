from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import LATE_KINDS, OPEN_PAYMENT_STATES


class ContractContract(models.Model):
    """Receiving what a contract owes (*Receber*, S004-101)."""

    _inherit = "contract.contract"

    def action_receive(self):
        """Register a payment of the open invoices, the oldest first."""
        moves = self._get_open_moves()
        if not moves:
            raise UserError(
                self.env._(
                    "%(contract)s has no open invoice: there is nothing to receive.",
                    contract=", ".join(self.mapped("display_name")),
                )
            )
        action = moves.action_register_payment()
        action["context"]["default_group_payment"] = True
        return action

    def _get_open_moves(self):
        """Return the invoices of the contracts with something left to pay."""
        return self.env["account.move"].search(
            Domain("contract_charge_ids.contract_id", "in", self.ids)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", OPEN_PAYMENT_STATES),
            order="invoice_date_due, id",
        )

    def _get_moves_to_waive(self):
        """Return the invoices that owe fine or interest or were charged some."""
        charges = self.sudo().charge_ids
        late = charges.filtered(
            lambda c: c.kind in LATE_KINDS and c._is_live_late_charge()
        ).late_move_id
        overdue = self.env["account.move"]
        for company, contracts in self.grouped("company_id").items():
            overdue |= contracts._get_overdue_moves(company._get_local_date())
        overdue = overdue.filtered(lambda move: move._bears_late_charges())
        return self.env["account.move"].browse((overdue | late).ids)
