from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.addons.contract_recurring.tools.instalments import Terms


class OfficeSteps:
    """What an office does in `TestBankLives`; a number decides with what."""

    def _step_wait(self, number):
        self.day += timedelta(days=number % 23)
        with freeze_time(f"{self.day} 15:00:00"):
            self.env["contract.contract"]._cron_follow_closings(self.day)
            self.env["contract.debt.agreement"]._cron_break_agreements(self.day)

    def _step_bill(self, _number):
        run = self._bill_month(self.day.replace(day=1))
        failed = run.item_ids.filtered(lambda item: item.state == "failed")
        self.assertFalse(failed, failed.mapped("message"))

    def _step_issue(self, _number):
        missing = self._get_moves().filtered("is_boleto_missing")
        if missing:
            self._try(missing.action_issue_boleto)

    def _step_renegotiate(self, number):
        moves = self._get_open()
        partner = self._pick(self.partner | self.joana, number)
        moves = moves.filtered(lambda m: m.partner_id == partner)
        if number % 2:
            moves = moves[:1]
        terms = Terms(
            count=number % 3 + 1,
            first_due=self.day + timedelta(days=number % 20),
            entry=Decimal(0),
            entry_due=None,
            discount_percent=Decimal(self._pick([0, 50, 100], number)),
        )
        agreements = self.env["contract.debt.agreement"]
        self._try(lambda: agreements._agree(moves, terms, self.day))

    def _get_agreements(self):
        return (
            self.env["contract.debt.agreement"]
            .search([], order="id")
            .filtered("is_live")
        )

    def _step_break_agreement(self, number):
        agreement = self._pick(self._get_agreements(), number)
        if agreement:
            self._try(lambda: agreement._break(self.day, "não pagou"))

    def _step_cancel_agreement(self, number):
        agreement = self._pick(self._get_agreements(), number)
        if agreement:
            self._try(lambda: agreement._cancel(self.day))

    def _step_merge(self, number):
        moves = self._get_open().filtered(lambda m: m.partner_id == self.partner)
        due = self.day + timedelta(days=number % 10)
        if len(moves) > 1:
            self._try(lambda: moves[:2]._merge_invoices(due, self.day))

    def _step_undo_merge(self, number):
        merged = self._get_moves().filtered(
            lambda m: m.is_merged and m.state == "posted"
        )
        if merged:
            self._try(merged[-1]._undo_merge)

    def _step_regenerate(self, number):
        move = self._pick(self._get_open(), number)
        if move:
            self._try(lambda: move._regenerate(self.day))

    def _step_second_copy(self, number):
        move = self._pick(self._get_open(), number)
        if move and move.collection_account_id:
            day = self.day + timedelta(days=number % 9)
            titles = self.env["collection.title"]
            self._try(lambda: titles._issue_updated(move, day, self.day))

    def _change(self, number, kind, **values):
        titles = self._get_titles().filtered(lambda t: t._is_current())
        title = self._pick(titles, number)
        if title:
            self._try(lambda: title._change(kind, **values))

    def _step_change_due_date(self, number):
        day = self.day + timedelta(days=number % 30)
        self._change(number, "change_due_date", due_date=day)

    def _step_change_amount(self, number):
        self._change(
            number, "change_amount", amount=self._pick([50.0, 99.90, 120.0], number)
        )

    def _step_discount(self, number):
        self._change(
            number,
            "discount",
            amount=self._pick([5.0, 20.0], number),
            date_limit=self.day + timedelta(days=number % 9),
        )

    def _step_close(self, number):
        contract = self._pick(self.contracts, number)
        if contract.lifecycle_state in ("active", "suspended"):
            self._try(lambda: contract._close(self.day, self.reason))

    def _step_hand_over(self, number):
        contract = self._pick(self.contracts, number)
        holder = (self.partner | self.joana) - contract.partner_id
        moved = number % 2 == 0
        self._try(lambda: contract._change_holder(holder, is_debt_moved=moved))

    def _step_pay_by_hand(self, number):
        move = self._pick(self._get_open(), number)
        if move:
            share = self._pick([1.0, 0.3], number)
            register = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            )
            values = {
                "payment_date": self.day,
                "journal_id": self.other_journal.id,
                "amount": round(move.amount_residual * share, 2) or 0.01,
            }
            self.payments |= register.create(values)._create_payments()

    def _step_bounce(self, number):
        payment = self._pick(self.payments, number)
        if payment and payment.state != "canceled":
            payment.action_draft()
            payment.action_cancel()

    def _step_credit(self, number):
        move = self._pick(self._get_open(), number)
        if move and not move.agreement_id:
            move._reverse_moves([{"date": self.day}], cancel=True)

    # === WHAT NEEDS A LOOK ===

    def _step_find_invoice(self, number):
        event = self._pick(self.events.filtered(lambda e: e._get_free_lines()), number)
        if not event:
            return
        owner = event._get_free_lines().partner_id[:1]
        moves = self._get_open()
        if owner:
            moves = moves.filtered(lambda m: m.partner_id == owner)
        move = self._pick(moves, number)
        partner = owner or move.partner_id or self.partner
        self._try(lambda: event._apply(partner, move))

    def _step_undo(self, number):
        event = self._pick(self.events.filtered("resolution"), number)
        was_nobodys = event.suspense_amount > 0
        if event and self._try(event.action_undo) and was_nobodys:
            # all of it waits in suspense again, as before somebody touched it
            free = event._get_free_lines()
            self.assertFalse(free.partner_id)
            self.assertAlmostEqual(event.free_amount, event._get_kept_paid(), 2)

    def _step_post_held(self, number):
        event = self._pick(self.events.filtered("is_held"), number)
        if event:
            self._try(event.action_post_payment)

    def _step_refund(self, number):
        """The credit of a payment is paid back: entered, approved, sent."""
        events = self.events.filtered(
            lambda e: (
                e._get_free_lines().partner_id
                and not e._get_free_lines()._get_refunded()
            )
        )
        event = self._pick(events, number)
        if not event:
            return
        self._try(lambda: self._refund(event))

    def _refund(self, event):
        event.action_refund()
        line = event._get_free_lines()[:1]
        partner = line.partner_id
        refund = self.env["customer.refund"].create(
            {
                "partner_id": partner.id,
                "line_id": line.id,
                "account_id": self.account.id,
                "pix_id": self.pix.filtered(lambda p: p.partner_id == partner).id,
                "reason": "Pago em dobro",
            }
        )
        refund.action_ask()
        refund.with_user(self.boss).action_approve()
        refund.sudo().state = "sent"
        self.refunds |= refund

    def _step_refund_answer(self, number):
        sent = self.refunds.filtered(lambda r: r.state == "sent")
        refund = self._pick(sent, number)
        if refund and number % 3:
            self._try(lambda: refund.sudo()._pay(self.day))
        elif refund:
            refund.sudo().state = "refused"
