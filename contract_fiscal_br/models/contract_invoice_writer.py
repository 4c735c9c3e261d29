from odoo import api, models


class ContractInvoiceWriter(models.AbstractModel):
    """Invoices of contracts are paid as the contract says, with their boletos."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _prepare_move(self, charges, invoice_date):
        values = super()._prepare_move(charges, invoice_date)
        mode = charges.contract_id[:1]._get_payment_mode()
        return values | {"payment_mode_id": mode.id}

    @api.model
    def _invoice(self, charges, invoice_date):
        """Issue the boletos in the transaction that posts the invoices.

        Fine and interest billed with a payment wait: its surplus may pay them.
        """
        moves = super()._invoice(charges, invoice_date)
        if not self.env.context.get("titles_wait_for_surplus"):
            self._use_overpayments(moves)
            moves._issue_wanted_titles(invoice_date)
        return moves

    @api.model
    def _invoice_together(self, charges, invoice_date):
        moves = super()._invoice_together(charges, invoice_date)
        self._use_overpayments(moves)
        moves._issue_wanted_titles(invoice_date)
        return moves

    @api.model
    def _use_overpayments(self, moves):
        """Pay invoices with what their customers paid the bank too much before."""
        owed = moves.filtered(
            lambda move: move.move_type == "out_invoice"
        )._get_open_receivable()
        credits = self.env["account.move.line"]._get_overpayments(owed.partner_id)
        plan = []
        for (partner, account), lines in owed.grouped(
            lambda line: (line.partner_id, line.account_id)
        ).items():
            free = credits.filtered(
                lambda line, partner=partner, account=account: (
                    line.partner_id == partner and line.account_id == account
                )
            )
            if free:
                plan.append(lines | free)
        if plan:
            self.env["account.move.line"]._reconcile_many(plan)
