from contextlib import contextmanager
from decimal import Decimal

from odoo import fields, models

from ..const import LATE_KINDS
from ..tools.late_charge import ONE_DAY, LateInvoice, LatePayment, LateTerms

# account.move._disable_recursion, Odoo 19.0
SYNC_STACK = "account_disable_recursion_stack"


class AccountMove(models.Model):
    """Fine and interest of an invoice of contracts.

    What payments owe is calculated from the payments alone, compared with the
    ledger, and the difference entered: so it may be asked any number of times,
    in any order, and a payment that comes, goes or bears another date leaves
    the ledger as if it had always been so.
    """

    _inherit = "account.move"

    late_charge_ids = fields.One2many(
        "contract.charge", "late_move_id", string="Fine and Interest", readonly=True
    )

    # === WHAT IS OWED ===

    def _get_late_charges(self, day):
        """Return (fine, interest) owed on a day and not charged yet.

        :return: floats in the invoice's currency; zero where waived
        """
        self.ensure_one()
        values = self._prepare_late_charges_of_each(day).get(self, [])
        return tuple(
            sum(vals["amount"] for vals in values if vals["kind"] == kind)
            for kind in LATE_KINDS
        )

    def _prepare_late_charges_of_each(self, day):
        """Return {invoice: values of the charges for what is owed on a day}."""
        facts = self.sudo()._read_late_facts()
        return {
            move: move._prepare_late_charges(invoice, day)
            for move, invoice in facts.items()
        }

    def _prepare_late_charges(self, invoice, day, payment=None):
        """Return the values of the charges for what a day owes more.

        :param LateInvoice invoice: the facts of this invoice
        :param LatePayment payment: that causes them, None for a billing
        """
        self.ensure_one()
        owed = invoice.until(day)
        live = self._get_live_late_charges()
        values = []
        if owed.fine and not live.filtered(lambda charge: charge.kind == "fine"):
            values.append(self._prepare_fine(invoice, owed, day, payment))
        charged_until = self._get_interest_charged_until(invoice, live)
        if invoice.interest_between(charged_until, day) > 0:
            values.append(self._prepare_interest(invoice, charged_until, day, payment))
        return [self._apply_late_waiver(vals, day) for vals in values]

    def _get_interest_charged_until(self, invoice, live):
        days = live.filtered(lambda c: c.kind == "interest").mapped("period_end")
        return max(days, default=invoice.due_date)

    def _prepare_fine(self, invoice, owed, day, payment):
        return self._prepare_late_charge(
            "fine",
            invoice,
            (day, day),
            owed.fine,
            {"base": str(owed.late_amount)},
            payment,
        )

    def _prepare_interest(self, invoice, charged_until, day, payment):
        spans = [
            (span.days, str(span.amount))
            for span in invoice.spans_between(charged_until, day)
        ]
        return self._prepare_late_charge(
            "interest",
            invoice,
            (charged_until + ONE_DAY, day),
            invoice.interest_between(charged_until, day),
            {"spans": spans},
            payment,
        )

    def _prepare_late_charge(self, kind, invoice, days, amount, inputs, payment):
        """Return the values of a charge of fine or interest."""
        contract = self._get_late_contract()
        product = self.env.ref(f"contract_recurring.product_late_{kind}")
        terms = invoice.terms
        inputs |= {
            "fine_percent": str(terms.fine_percent),
            "interest_percent": str(terms.interest_percent),
            "due_date": invoice.due_date.isoformat(),
            "paid_on": payment.day.isoformat() if payment else "",
            "amount": str(amount),
        }
        return {
            "contract_id": contract.id,
            "partner_id": self.partner_id.id,
            "kind": kind,
            "product_id": product.id,
            "late_move_id": self.id,
            "late_payment_line_id": payment.source if payment else False,
            "period_start": days[0],
            "period_end": days[1],
            "due_date": days[1],
            "price_unit": float(amount),
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "explanation": {"rule": kind, "inputs": inputs},
        }

    def _get_late_contract(self):
        """Return the contract that owes for a late payment: the largest billed."""
        self.ensure_one()
        charges = self.contract_charge_ids.filtered(lambda c: not c.late_move_id)
        amounts = {
            contract: (sum(group.mapped("amount")), -contract.id)
            for contract, group in charges.grouped("contract_id").items()
        }
        return max(amounts, key=amounts.get)

    # === FACTS ===

    def _read_late_facts(self):
        """Return {invoice: LateInvoice} of those that bill contracts."""
        moves = self.filtered(lambda move: move._bears_late_charges())
        payments = moves._read_late_payments()
        facts = {}
        for move in moves:
            # what is given back by a credit note was never owed
            amount = move._get_principal() - sum(
                paid.amount for paid, is_credit in payments.get(move, ()) if is_credit
            )
            facts[move] = LateInvoice(
                amount=max(amount, Decimal(0)),
                due_date=move.invoice_date_due,
                terms=move._get_late_terms(),
                payments=tuple(
                    paid for paid, is_credit in payments.get(move, ()) if not is_credit
                ),
            )
        return facts

    def _bears_late_charges(self):
        self.ensure_one()
        return (
            self.move_type == "out_invoice"
            and self.state == "posted"
            and bool(self.contract_charge_ids)
            and not self._is_late_invoice()
        )

    def _is_late_invoice(self):
        """Return whether the invoice charges nothing but fine and interest."""
        self.ensure_one()
        charges = self.contract_charge_ids
        return bool(charges) and all(charge.late_move_id for charge in charges)

    def _get_principal(self):
        """Return what may bear fine and interest: not what is such itself.

        Source: Decreto 22.626/1933 art. 4, no interest on interest.
        """
        late = self.contract_charge_ids.filtered("late_move_id").move_line_id
        amount = self.amount_total - sum(late.mapped("price_total"))
        return Decimal(str(self.currency_id.round(amount)))

    def _get_late_terms(self):
        """Return the rates: those of its first charge, else the contract's today."""
        first = self._get_live_late_charges()[:1]
        terms = self._get_late_contract()._get_late_terms()
        if not first:
            return terms
        inputs = first.explanation["inputs"]
        return LateTerms(
            Decimal(inputs["fine_percent"]),
            Decimal(inputs["interest_percent"]),
            terms.unit,
        )

    def _get_live_late_charges(self):
        return self.late_charge_ids.filtered(
            lambda charge: charge._is_live_late_charge()
        ).sorted("period_end")

    def _read_late_payments(self):
        """Return {invoice: [(LatePayment, whether by a credit note)]}."""
        partials = self.env["account.partial.reconcile"].search(
            [
                ("debit_move_id.move_id", "in", self.ids),
                ("debit_move_id.account_type", "=", "asset_receivable"),
            ]
        )
        payments = {}
        for partial in partials:
            line = partial.credit_move_id
            is_credit = line.move_id.move_type == "out_refund"
            if is_credit and line.move_id._is_late_invoice():
                continue  # gives back fine or interest, not principal
            paid = LatePayment(
                day=line._get_payment_date(),
                amount=Decimal(str(partial.debit_amount_currency)),
                source=line.id if line._is_payment_of_customer() else None,
            )
            move = partial.debit_move_id.move_id
            payments.setdefault(move, []).append((paid, is_credit))
        return payments

    # === THE LEDGER FOLLOWS THE PAYMENTS ===

    def _refresh_late_charges(self, today):
        """Make the ledger say what the payments of the invoices owe.

        :return: the charges entered
        """
        moves = self.sudo().filtered(
            lambda move: move.move_type == "out_invoice" and move.contract_charge_ids
        )
        facts = moves._read_late_facts()
        wrong = self.env["contract.charge"].sudo()
        for move in moves:
            wrong |= move._get_wrong_late_charges(facts.get(move))
        if wrong:
            wrong._undo_late(today)
            facts = moves._read_late_facts()
        entered = self.env["contract.charge"].sudo()
        for move, invoice in facts.items():
            entered |= move._charge_late_payments(invoice, today)
        entered._bill_late(today)
        return entered

    def _get_wrong_late_charges(self, invoice):
        """Return the charges that the payments do not bear out.

        Interest after a wrong one is wrong too: its days begin elsewhere.
        """
        live = self._get_live_late_charges()
        if not invoice:
            return live
        days = {payment.source: payment.day for payment in invoice.payments}
        wrong = live.filtered(
            lambda charge: not self._is_right_late_charge(charge, invoice, days)
        )
        interest = wrong.filtered(lambda charge: charge.kind == "interest")
        if interest:
            since = min(interest.mapped("period_start"))
            wrong |= live.filtered(
                lambda c: c.kind == "interest" and c.period_start >= since
            )
        return wrong

    def _is_right_late_charge(self, charge, invoice, payment_days):
        if charge._is_paid_late_charge():
            source = charge.late_payment_line_id.id
            if payment_days.get(source) != charge.period_end:
                return False
        if charge.kind == "fine":
            owed = invoice.until(charge.period_end).fine
        else:
            owed = invoice.interest_between(
                charge.period_start - ONE_DAY, charge.period_end
            )
        return owed == charge._get_late_amount()

    def _charge_late_payments(self, invoice, today):
        """Enter what the late payments of an invoice owe and is not entered."""
        self.ensure_one()
        charges = self.env["contract.charge"].sudo()
        for payment in invoice.late_payments():
            charges |= self._enter_late_charges(
                self._prepare_late_charges(invoice, payment.day, payment),
                self._get_late_contract()._get_next_due_date(today),
            )
        return charges

    def _enter_late_charges(self, vals_list, due_date):
        charges = self.env["contract.charge"].sudo()
        return charges.create([vals | {"due_date": due_date} for vals in vals_list])

    # === EXTENSIONS ===

    def _follow_late_payments(self):
        """Refresh invoices of contracts whose payments have changed."""
        bills = self.filtered(lambda move: move.move_type == "out_invoice")
        with self._outside_of_sync():
            for company, moves in bills.grouped("company_id").items():
                moves = moves.with_company(company)
                moves._refresh_late_charges(company._get_local_date())

    @contextmanager
    def _outside_of_sync(self):
        """Let invoices be completed even while accounting reconciles others.

        Odoo keeps in this stack that taxes and receivables of invoices are not
        to be brought in line; an invoice made meanwhile would have neither.
        """
        cache = self.env.cr.cache
        stack = cache.pop(SYNC_STACK, None)
        try:
            yield
        finally:
            cache.pop(SYNC_STACK, None)
            if stack is not None:
                cache[SYNC_STACK] = stack

    def button_cancel(self):
        result = super().button_cancel()
        self.filtered("late_charge_ids")._follow_late_payments()
        return result
