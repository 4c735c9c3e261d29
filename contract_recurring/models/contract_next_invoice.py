from odoo import models


class ContractContract(models.Model):
    """The next invoice before it is written (*próxima fatura*, S004-109)."""

    _inherit = "contract.contract"

    def _preview_next_invoice(self, today):
        """Return what would be billed next: everything due until then.

        The charges are entered and the invoices prepared for a trial, by what
        bills them later, and undone.

        :return: a list of invoices, each a dict of due_date, amount_untaxed,
            amount_tax, amount_total and rows: (contract id, kind, label, period
            start, period end, amount, explanation)
        :raise UserError: the contract cannot be billed
        """
        self.ensure_one()
        self.check_access("read")
        with self.sudo()._trial() as contract:
            due_date = contract._get_next_due_date(today)
            contracts = contract._get_billed_together(due_date)
            contracts._check_billable()
            charges = contracts._enter_due_charges(today, due_date, today)
            writer = contract.env["contract.invoice.writer"]
            return [
                self._describe_bill(bill, writer._prepare_move(bill, today))
                for bill in writer._group(charges)
            ]

    def _describe_bill(self, bill, values):
        """Return what one invoice would say; accounting adds the taxes."""
        move = bill.env["account.move"].create(values)
        return {
            "due_date": bill[0].due_date,
            "amount_untaxed": move.amount_untaxed_signed,
            "amount_tax": move.amount_tax_signed,
            "amount_total": move.amount_total_signed,
            "rows": [
                (
                    charge.contract_id.id,
                    charge.kind,
                    charge.label,
                    charge.period_start,
                    charge.period_end,
                    charge.amount,
                    charge.explanation_text,
                )
                for charge in bill
            ],
        }
