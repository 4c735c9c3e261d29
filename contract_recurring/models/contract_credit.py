from odoo import models
from odoo.tools import format_date


class ContractContract(models.Model):
    """What the customer has to get back: a sum below zero becomes a credit note.

    It is taken off the invoices that follow; after the last one it stays open
    as the customer's credit.
    """

    _inherit = "contract.contract"

    def _get_open_credit_notes(self):
        """Return {contract: its credit notes not yet used up}."""
        rows = (
            self.env["contract.charge"]
            .sudo()
            ._read_group(
                [
                    ("contract_id", "in", self.ids),
                    ("move_id.move_type", "=", "out_refund"),
                    ("move_id.state", "=", "posted"),
                    ("move_id.payment_state", "in", ("not_paid", "partial")),
                ],
                ["contract_id"],
                ["move_id:recordset"],
            )
        )
        return {contract.with_env(self.env): moves for contract, moves in rows}

    def _get_open_credit(self):
        """Return what open credit notes still give back to the present holder."""
        self.ensure_one()
        notes = self._get_open_credit_notes().get(self, self.env["account.move"])
        payer = (self.invoice_partner_id or self.partner_id).commercial_partner_id
        own = notes.filtered(lambda note: note.commercial_partner_id == payer)
        return sum(own.mapped("amount_residual"))

    def _describe_next(self, preview):
        """Say that less than nothing is given back later, and what is used now."""
        amount = preview["next_amount"]
        words = super()._describe_next(preview)
        if self.currency_id.compare_amounts(amount, 0) < 0:
            words[0] = self.env._(
                "Next invoice, due on %(date)s: none. A credit note of %(amount)s is "
                "taken off the invoices that follow.",
                date=format_date(self.env, preview["next_due_date"]),
                amount=self._format_money(-amount),
            )
            return words
        used = min(self._get_open_credit(), amount)
        if not self.currency_id.is_zero(used):
            words.append(
                self.env._(
                    "  Taken off, from earlier credit notes: %(amount)s",
                    amount=self._format_money(used),
                )
            )
        return words
