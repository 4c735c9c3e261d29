from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import groupby


class ContractInvoiceWriter(models.AbstractModel):
    """Turns charges into posted invoices.

    This is the seam between the ledger and accounting: callers give charges
    and get posted moves, and know nothing of how those are written. A faster
    writer overrides `_write` and nothing else.
    """

    _name = "contract.invoice.writer"
    _description = "Contract Invoice Writer"

    @api.model
    def _invoice(self, charges, invoice_date):
        """Bill the charges and return the posted invoices.

        One invoice for each contract, or unified billing, and due date. Charges
        and invoice lines are tied together, and each line explains its amount.

        :raise UserError: a charge is billed already, or accounting refuses
        """
        return self._invoice_bills(self._group(charges), invoice_date)

    @api.model
    def _invoice_together(self, charges, invoice_date):
        """Bill all charges on one invoice, whatever tells them apart otherwise."""
        return self._invoice_bills([self._sort_together(charges)], invoice_date)

    @api.model
    def _draft(self, charges, invoice_date):
        """Return the invoices of the charges, not posted: for a look at them."""
        return self._write_bills(self._group(charges), invoice_date, self._create_moves)

    @api.model
    def _draft_together(self, charges, invoice_date):
        bills = [self._sort_together(charges)]
        return self._write_bills(bills, invoice_date, self._create_moves)

    @api.model
    def _sort_together(self, charges):
        return charges.sorted(lambda c: (c.contract_id.id, c.period_start, c.id))

    @api.model
    def _invoice_bills(self, bills, invoice_date):
        return self._write_bills(bills, invoice_date, self._write)

    @api.model
    def _write_bills(self, bills, invoice_date, write):
        """Return the invoices that a function writes, tied to their charges."""
        if any(bill.filtered("move_id") for bill in bills):
            raise UserError(self.env._("Some of these charges are billed already."))
        moves = write(bills, invoice_date)
        for bill, move in zip(bills, moves, strict=True):
            lines = self._match(bill, move)
            bill._mark_billed(lines)
        return moves

    @api.model
    def _group(self, charges):
        """Return the charges of each invoice to write, in a stable order."""

        key = self._get_bill_key
        ordered = charges.sorted(
            lambda c: (*key(c), c.contract_id.id, c.period_start, c.id)
        )
        return [
            charges.browse(c.id for c in bill) for _k, bill in groupby(ordered, key)
        ]

    @api.model
    def _get_bill_key(self, charge):
        """Return what the charges of one invoice have in common, to sort by."""
        return (
            *self._get_bill_owner(charge),
            charge.due_date,
            charge.currency_id.id,
            charge._is_billed_apart(),
        )

    @api.model
    def _get_bill_owner(self, charge):
        """Return the ids of what is billed together: here, the contract alone."""
        return (charge.contract_id.id,)

    @api.model
    def _write(self, bills, invoice_date):
        """Return one posted invoice for each bill, in the order of the bills."""
        moves = self._create_moves(bills, invoice_date)
        moves.action_post()
        return moves

    @api.model
    def _create_moves(self, bills, invoice_date):
        """Return one invoice for each bill, not posted yet."""
        return (
            self.env["account.move"]
            .with_context(
                tracking_disable=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
                # Whoever registers a payment forbids it: an invoice written then
                # would have neither taxes nor anything to be paid.
                skip_invoice_sync=False,
            )
            .create([self._prepare_move(bill, invoice_date) for bill in bills])
        )

    @api.model
    def _prepare_move(self, charges, invoice_date):
        """Return the values of the invoice for charges of one bill.

        Where credits outweigh the rest it is a credit note.
        """
        contract = charges.contract_id[:1]
        sign = self._get_sign(charges)
        partner = contract.invoice_partner_id or contract.partner_id
        return {
            "move_type": "out_invoice" if sign > 0 else "out_refund",
            "company_id": contract.company_id.id,
            "journal_id": contract.journal_id.id,
            "partner_id": partner.id,
            "fiscal_position_id": contract.fiscal_position_id.id,
            "currency_id": charges.currency_id.id,
            "invoice_date": invoice_date,
            "invoice_date_due": charges[0].due_date,
            "invoice_payment_term_id": False,
            "invoice_origin": contract.code,
            "invoice_user_id": contract.user_id.id,
            "ref": contract.code,
            "invoice_line_ids": [
                Command.create(self._prepare_move_line(charge, sequence, sign))
                for sequence, charge in enumerate(
                    charges.with_context(lang=partner.lang), start=1
                )
            ],
        }

    @api.model
    def _prepare_move_line(self, charge, sequence, sign=1):
        line = charge.contract_line_id
        values = self._prepare_taxes(charge) | {
            "sequence": sequence,
            "product_id": charge.product_id.id,
            "product_uom_id": (
                charge.uom_id or line.uom_id or charge.product_id.uom_id
            ).id,
            "name": f"{charge.label}\n{charge.explanation_text}",
            "quantity": charge.quantity,
            "price_unit": sign * charge.price_unit,
            "discount": charge.discount,
            "contract_line_id": line.id,
            "analytic_distribution": line.analytic_distribution,
        }
        lines = self.env["account.move.line"]
        return values | lines._prepare_balance(
            values, charge.company_id, charge.currency_id, sign
        )

    @api.model
    def _prepare_taxes(self, charge):
        """Return the taxes of what a discount is taken off; others find their own."""
        contract = charge.contract_id
        product = charge.contract_line_id.discounted_product_id
        if not product:
            return {}
        taxes = product.taxes_id._filter_taxes_by_company(contract.company_id)
        taxes = contract.fiscal_position_id.map_tax(taxes)
        return {"tax_ids": [Command.set(taxes.ids)]}

    @api.model
    def _get_sign(self, charges):
        """Return 1 for an invoice, -1 for a credit note."""
        return -1 if sum(charges.mapped("amount")) < 0 else 1

    @api.model
    def _match(self, charges, move):
        """Return the invoice lines that bill the charges, pairwise.

        :raise UserError: an invoice that does not state what is owed
        """
        lines = move.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        for charge, line in zip(charges, lines, strict=True):
            obstacle = line._get_amount_obstacle(charge)
            if obstacle:
                raise UserError(obstacle)
        return lines
