from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountPaymentRegister(models.TransientModel):
    """Receiving (*Receber*, S004-101): the amount is that of the day of payment.

    Where fine and interest are charged with the payment they are proposed with
    it; what is paid beyond the invoices pays them.
    """

    _inherit = "account.payment.register"

    late_amount = fields.Monetary(
        string="Fine and Interest", compute="_compute_late_amount"
    )
    late_explanation = fields.Text(compute="_compute_late_amount")
    is_late_waived = fields.Boolean(string="Without Fine and Interest")
    late_waive_reason = fields.Char(string="Reason for the Waiver")

    @api.depends("line_ids", "payment_date", "is_late_waived")
    def _compute_late_amount(self):
        for wizard in self:
            prepared = wizard._prepare_late(wizard.line_ids)
            wizard.late_amount = sum(
                vals["amount"] for charges in prepared.values() for vals in charges
            )
            wizard.late_explanation = wizard._explain_late(prepared)

    @api.depends("is_late_waived")
    def _compute_amount(self):
        return super()._compute_amount()

    def _prepare_late(self, lines):
        """Return {invoice: values of charges} a payment on that day would cause."""
        if not self.payment_date:
            return {}
        moves = lines._origin.move_id.sudo()
        return moves._prepare_late_charges_of_each(self.payment_date)

    def _get_late_with_payment(self, lines):
        """Return the fine and interest to be paid together with some lines."""
        if self.is_late_waived:
            return 0.0
        return sum(
            vals["amount"]
            for move, charges in self._prepare_late(lines).items()
            if move._get_late_contract()._get_late_charge_policy() == "with_payment"
            for vals in charges
        )

    def _explain_late(self, prepared):
        charges = self.env["contract.charge"].sudo()
        rows = []
        for move, vals_list in prepared.items():
            for vals in vals_list:
                charge = charges.new(vals)
                rows.append(f"{charge._get_late_label()}: {charge.explanation_text}")
            if vals_list and self._is_charged_later(move):
                rows.append(
                    self.env._(
                        "%(invoice)s: charged on the next invoice of the contract",
                        invoice=move.name,
                    )
                )
        return "\n".join(rows)

    @api.model
    def _is_charged_later(self, move):
        policy = move._get_late_contract()._get_late_charge_policy()
        return policy == "next_invoice"

    def _get_total_amounts_to_pay(self, batch_results):
        """Add fine and interest to what is proposed and compared with."""
        totals = super()._get_total_amounts_to_pay(batch_results)
        lines = self.env["account.move.line"].union(
            *(batch["lines"] for batch in batch_results)
        )
        late = self._get_late_with_payment(lines)
        if late:
            for name in (
                "amount_by_default",
                "full_amount",
                "amount_for_difference",
                "full_amount_for_difference",
            ):
                totals[name] += late
        return totals

    def _create_payment_vals_from_batch(self, batch_result):
        """Pay fine and interest where each invoice gets a payment of its own."""
        values = super()._create_payment_vals_from_batch(batch_result)
        values["amount"] += self._get_late_with_payment(batch_result["lines"])
        return values

    def _create_payments(self):
        self.ensure_one()
        if self.is_late_waived:
            self._waive_late()
        elif self._writes_late_off():
            self.env["account.move"]._check_may_waive()
        return super()._create_payments()

    def _writes_late_off(self):
        """Return whether a payment short of fine and interest is to do for all."""
        return (
            self.payment_difference_handling == "reconcile"
            and self.payment_difference > 0
            and self._get_late_with_payment(self.line_ids) > 0
        )

    def _waive_late(self):
        """Promise not to charge the invoices, up to the day of this payment."""
        if not (self.late_waive_reason or "").strip():
            raise UserError(
                self.env._("Say why fine and interest are waived: it is kept.")
            )
        for move, charges in self._prepare_late(self.line_ids).items():
            if charges:
                move.sudo(False)._waive_late_charges(
                    self.late_waive_reason,
                    move.company_id._get_local_date(),
                )
