import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time, tagged

from .agreement_common import AGREED, AgreementCase

LIVES = int(os.environ.get("CONTRACT_RANDOM_LIVES", "6"))
steps = st.lists(
    st.tuples(
        st.sampled_from(["agree", "pay", "pay_part", "bounce", "break", "cancel"]),
        st.integers(0, 400),
    ),
    min_size=3,
    max_size=9,
)


@tagged("contract_recurring", "post_install", "-at_install")
class TestDebtAgreementLife(AgreementCase):
    """Whatever is agreed, paid, bounced, broken or cancelled: books balance."""

    @settings(
        max_examples=LIVES,
        deadline=None,
        database=None,
        derandomize="CONTRACT_RANDOM_LIVES" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(steps)
    def test_books_balance_to_the_cent(self, life):
        with self.env.cr.savepoint() as savepoint:
            self.agreement, self.payments, self.day = None, [], AGREED
            for step, lot in life:
                self.day += timedelta(days=lot % 12)
                with freeze_time(f"{self.day} 15:00:00"):
                    getattr(self, f"_step_{step}")(lot)
                    self._check_books()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _step_agree(self, lot):
        if self.agreement and self.agreement.is_live:
            return
        owed = self.originals.filtered(lambda m: m.payment_state != "paid")
        if not owed:
            return
        self.agreement = self._agree(
            owed,
            day=self.day,
            count=lot % 5 + 1,
            first_due=self.day + timedelta(days=lot % 40),
            discount=lot % 101,
        )

    def _get_open_parts(self):
        if not self.agreement:
            return []
        return self.agreement.instalment_ids.filtered(
            lambda p: p.state in ("open", "overdue", "partial")
        ).sorted("number")

    def _step_pay(self, lot, share=1.0):
        parts = self._get_open_parts()
        if not parts:
            return
        part = parts[lot % len(parts)]
        amount = round(part.open_amount * share, 2) or 0.01
        self.payments.append(self._pay(part.move_id, self.day, amount))

    def _step_pay_part(self, lot):
        self._step_pay(lot, (lot % 9 + 1) / 10)

    def _step_bounce(self, lot):
        """A payment is taken back by the bank: its entry is reversed."""
        if not self.payments:
            return
        line = self.payments.pop(lot % len(self.payments))
        line.move_id._reverse_moves([{"date": self.day}], cancel=True)

    def _step_break(self, _lot):
        if self.agreement and self.agreement.is_live:
            self.agreement._break(self.day)

    def _step_cancel(self, _lot):
        agreement = self.agreement
        if agreement and agreement.is_live and not agreement.paid_amount:
            agreement._cancel(self.day)

    def _check_books(self):
        """Ana owes what her own invoices say, less what she paid."""
        self.assertEqual(self._get_clearing_balance(), 0.0)
        charges = self.contract.charge_ids.filtered(
            lambda c: c.state == "billed" and c.kind != "instalment"
        )
        billed = round(sum(charges.mapped("amount")), 2)
        paid = 99.90 - sum(line.balance for line in self.payments)
        self.assertEqual(self._get_balance(self.receivable), round(billed - paid, 2))
        self.assertLedgerIsInvoiced(self.contract)
        agreement = self.agreement
        if not agreement:
            return
        states = set(self.originals.mapped("payment_state"))
        if agreement.is_live:
            self.assertEqual(states, {"paid"})
        elif agreement.state in ("broken", "cancelled"):
            open_amount = sum(self.originals.mapped("amount_residual"))
            free = max(199.80 + 99.90 - paid, 0.0)
            self.assertAlmostEqual(open_amount, free, places=2)
