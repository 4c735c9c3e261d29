from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .settle_common import SettleCase

DUE = date(2026, 3, 10)

# (what is paid, in cents; days after the due date; which title)
payments = st.lists(
    st.tuples(
        st.sampled_from([1, 4000, 9985, 9990, 9991, 10239, 10240, 10241, 19980]),
        st.integers(-3, 40),
        st.sampled_from(["own", "other", "cancelled", "unknown"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@tagged("post_install", "-at_install")
class TestSums(SettleCase):
    """No cent is dropped or posted twice, whatever comes in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._create_contract(date(2026, 2, 10), partner=cls.partner)
        cancelled = cls._create_contract(date(2026, 2, 10), partner=cls.partner)
        cls._bill_month(date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.other = cls._find_move(DUE, other).collection_title_ids
        cls.cancelled = cls._find_move(DUE, cancelled).collection_title_ids
        cls.cancelled.state = "cancelled"

    @given(told=payments, cut=st.integers(0, 6))
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def test_money_in_is_invoices_credits_and_suspense(self, told, cut):
        with self.env.cr.savepoint() as savepoint:
            self._check_sums(told, cut)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _check_sums(self, told, cut):
        titles = {
            "own": self.title,
            "other": self.other,
            "cancelled": self.cancelled,
            "unknown": "987654",
        }
        before = self._read_books()
        facts = [
            self._paid(
                titles[name],
                DUE + timedelta(days),
                cents / 100,
                fee=1 if has_fee else 0,
                net=(cents - 100 * has_fee) / 100,
            )
            for cents, days, name, has_fee in told
            if cents > 100 or not has_fee
        ]
        events = self.env["collection.event"]
        for part in (facts[:cut], facts[cut:], facts):
            # the last time all of it is told again
            if part:
                events |= self._settle(*part)
        self.assertEqual(len(events), len(facts))
        paid = sum(float(fact.paid) for fact in facts)
        fees = sum(float(fact.fee) for fact in facts)
        after = self._read_books()
        moved = {name: round(after[name] - before[name], 2) for name in after}
        self.assertAlmostEqual(moved["money"], paid - fees, 2)
        self.assertAlmostEqual(moved["fees"], fees, 2)
        granted = sum(events.mapped("concession_amount"))
        self.assertAlmostEqual(moved["granted"], granted, 2)
        suspense = sum(events.mapped("suspense_amount"))
        self.assertAlmostEqual(-moved["suspense"], suspense, 2)
        self.assertAlmostEqual(
            paid + granted,
            sum(events.mapped("applied_amount"))
            + sum(events.mapped("credit_amount"))
            + suspense,
            2,
        )
        self._check_invoices(events)

    def _check_invoices(self, events):
        """What the events say of the invoices is what the invoices say."""
        for title in (self.title, self.other):
            own = events.filtered(lambda event, title=title: event.title_id == title)
            late = title.move_id.late_charge_ids.move_id
            moves = title.move_id | late
            settled = sum(moves.mapped("amount_total")) - sum(
                moves.mapped("amount_residual")
            )
            self.assertAlmostEqual(settled, sum(own.mapped("applied_amount")), 2)
        lines = events.posted_line_ids.filtered("is_collection_receivable")
        self.assertAlmostEqual(
            -sum(lines.mapped("amount_residual")),
            sum(events.mapped("credit_amount")),
            2,
        )

    def _read_books(self):
        return {
            "money": self._get_balance(self.bank_journal.default_account_id),
            "fees": self._get_balance(self.account._get_fee_account()),
            "granted": self._get_balance(self.account._get_discount_account()),
            "suspense": self._get_balance(self.account._get_suspense_account()),
        }
