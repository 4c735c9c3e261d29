import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged

from ..tools import late_charge
from ..tools.bank_calendar import next_bank_day
from ..tools.late_charge import LateTerms, accrue, late_charges
from .common import ContractCase

LEGAL = Decimal(2), Decimal(1)
TERMS = LateTerms(*LEGAL)
ONE_DAY = timedelta(days=1)

dues = st.dates(date(2020, 1, 1), date(2035, 12, 31))
delays = st.integers(-40, 400)
amounts = st.integers(0, 1_000_000).map(lambda n: Decimal(n) / 100)
rates = st.tuples(
    st.integers(0, 200).map(lambda n: Decimal(n) / 100),
    st.integers(0, 100).map(lambda n: Decimal(n) / 100),
)
payments = st.lists(st.tuples(delays, amounts), max_size=4)


@tagged("contract_recurring", "post_install", "-at_install")
class TestLateChargeRule(BaseCase):
    """Fine and interest as the law lets a provider charge them."""

    def test_examples_in_the_docstrings(self):
        results = doctest.testmod(late_charge)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)

    def test_fine_of_the_consumer_code(self):
        # CDC art. 52 § 1: "As multas de mora decorrentes do inadimplemento de
        # obrigações no seu termo não poderão ser superiores a dois por cento
        # do valor da prestação." 2 % of R$ 99,90 = R$ 1,998.
        paid = date(2026, 3, 11)
        fine, _interest = late_charges(
            Decimal("99.90"), date(2026, 3, 10), paid, *LEGAL
        )
        self.assertEqual(fine, Decimal("2.00"))

    def test_interest_is_simple_by_day(self):
        # 99,90 × 1 % ÷ 30 × 15 = 0,4995; × 30 = 0,999; × 60 = 1,998
        due = date(2026, 3, 10)
        for days, expected in ((15, "0.50"), (30, "1.00"), (60, "2.00")):
            _fine, interest = late_charges(
                Decimal("99.90"), due, due + timedelta(days=days), *LEGAL
            )
            self.assertEqual(interest, Decimal(expected), days)

    def test_paid_on_the_due_date_owes_nothing(self):
        due = date(2026, 3, 10)
        for day in (due, due - ONE_DAY):
            self.assertEqual(late_charges(Decimal(100), due, day, *LEGAL), (0, 0))

    def test_day_without_banks_is_paid_free_on_the_next(self):
        # Lei 7.089/1983 art. 1: "Fica proibida a cobrança de juros de mora
        # sobre título de qualquer natureza, cujo vencimento se dê em sábado,
        # domingo ou feriado, desde que seja quitado no primeiro dia útil
        # subseqüente." Carnaval 2026: Saturday 14/02 to Tuesday 17/02.
        due, next_day = date(2026, 2, 14), date(2026, 2, 18)
        self.assertEqual(late_charges(Decimal(300), due, next_day, *LEGAL), (0, 0))
        # missed: STJ REsp 1.954.924, from the due date: 5 days of R$ 0,10
        self.assertEqual(
            late_charges(Decimal(300), due, date(2026, 2, 19), *LEGAL),
            (Decimal("6.00"), Decimal("0.50")),
        )

    def test_29_february_counts(self):
        # R$ 3.000,00: R$ 1,00 a day. 28/02 to 01/03: two days, in 2023 one
        for due, days in (
            (date(2024, 2, 28), 2),
            (date(2024, 2, 29), 1),
            (date(2023, 2, 28), 1),
        ):
            paid = date(due.year, 3, 1)
            fine, interest = late_charges(Decimal(3000), due, paid, *LEGAL)
            self.assertEqual((fine, interest), (60, days), due)
        # in 2028 it is Tuesday of Carnaval: no bank day
        due = date(2028, 2, 29)
        self.assertEqual(
            late_charges(Decimal(3000), due, date(2028, 3, 1), *LEGAL), (0, 0)
        )

    def test_paid_in_time_in_part_is_fined_on_the_rest(self):
        # R$ 60,00 late: 2 % = 1,20; 10 days of 60,00 = 0,20
        due = date(2026, 3, 10)
        late = accrue(Decimal(100), due, [(due, Decimal(40))], date(2026, 3, 20), TERMS)
        self.assertEqual((late.fine, late.interest), (Decimal("1.20"), Decimal("0.20")))

    def test_bad_amounts_are_refused(self):
        day = date(2026, 3, 10)
        with self.assertRaises(ValueError):
            late_charges(Decimal(-1), day, day, *LEGAL)
        with self.assertRaises(ValueError):
            late_charges(Decimal(1), day, day, Decimal(-2), Decimal(1))
        with self.assertRaises(ValueError):
            accrue(Decimal(1), day, [(day, Decimal(-1))], day, TERMS)

    @given(amounts, dues, delays, rates)
    def test_never_negative_and_within_the_law(self, amount, due, delay, rate):
        fine, interest = late_charges(amount, due, due + ONE_DAY * delay, *rate)
        self.assertGreaterEqual(fine, 0)
        self.assertGreaterEqual(interest, 0)
        self.assertLessEqual(fine, amount * 2 / 100 + Decimal("0.005"))
        bound = amount * max(delay, 0) / 3000 + Decimal("0.005")
        self.assertLessEqual(interest, bound)

    @given(amounts, dues, delays, rates, payments)
    def test_a_day_more_never_costs_less(self, amount, due, delay, rate, paid):
        terms = LateTerms(*rate)
        paid = [(due + ONE_DAY * days, part) for days, part in paid]
        day = due + ONE_DAY * delay
        before = accrue(amount, due, paid, day, terms)
        after = accrue(amount, due, paid, day + ONE_DAY, terms)
        self.assertGreaterEqual(after.fine, before.fine)
        self.assertGreaterEqual(after.interest, before.interest)

    @given(amounts, dues, rates)
    def test_next_bank_day_is_free(self, amount, due, rate):
        self.assertEqual(late_charges(amount, due, next_bank_day(due), *rate), (0, 0))

    @given(amounts, dues, delays, rates, payments)
    def test_what_is_paid_sooner_never_costs_more(self, amount, due, delay, rate, paid):
        terms = LateTerms(*rate)
        day = due + ONE_DAY * delay
        paid = [(due + ONE_DAY * days, part) for days, part in paid]
        sooner = [(paid_day - ONE_DAY, part) for paid_day, part in paid]
        late = accrue(amount, due, paid, day, terms)
        less = accrue(amount, due, sooner, day, terms)
        self.assertLessEqual(less.fine, late.fine)
        self.assertLessEqual(less.interest, late.interest)

    @given(amounts, dues, st.integers(1, 400), payments)
    def test_spans_cover_each_late_day_once(self, amount, due, delay, paid):
        paid = [(due + ONE_DAY * days, part) for days, part in paid]
        day = due + ONE_DAY * delay
        spans = accrue(amount, due, paid, day, TERMS).spans
        covered = [
            span.first_day + ONE_DAY * n for span in spans for n in range(span.days)
        ]
        self.assertEqual(len(covered), len(set(covered)))
        self.assertTrue(all(due < covered_day <= day for covered_day in covered))


@tagged("contract_recurring", "post_install", "-at_install")
class TestLateRates(ContractCase):
    """The nearest level says what a late payment costs; the law is a ceiling."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(activation=date(2026, 3, 1))

    def _get_rates(self):
        return (self.contract.late_fee_percent, self.contract.late_interest_percent)

    def test_company_begins_with_what_the_law_allows(self):
        self.assertEqual(self._get_rates(), (2.0, 1.0))
        self.assertEqual(self.contract._get_late_charge_policy(), "with_payment")

    def test_nearest_level_wins(self):
        self.company.write({"late_fee_percent": 1.5, "late_interest_percent": 0.9})
        self.assertEqual(self._get_rates(), (1.5, 0.9))
        self.plan.late_fee_percent = 1.0
        self.assertTrue(self.plan.has_own_late_rates)
        self.assertEqual(self._get_rates(), (1.0, 0.9))
        self.contract.late_interest_percent = 0.5
        self.assertEqual(self._get_rates(), (1.0, 0.5))
        self.plan.late_fee_percent = 0.0
        self.company.late_interest_percent = 0.1
        self.assertEqual(self._get_rates(), (1.0, 0.5))
        self.contract.has_own_late_rates = False
        self.assertEqual(self._get_rates(), (0.0, 0.9))

    def test_a_new_contract_may_have_rates_of_its_own(self):
        contract = self._create_contract(late_fee_percent=0.5)
        self.assertEqual(contract.late_fee_percent, 0.5)
        self.assertEqual(contract.late_interest_percent, 1.0)
        self.company.late_fee_percent = 2
        self.assertEqual(contract.late_fee_percent, 0.5)

    def test_policy_of_the_nearest_level(self):
        self.company.late_charge_policy = "next_invoice"
        self.assertEqual(self.contract._get_late_charge_policy(), "next_invoice")
        self.plan.late_charge_policy = "with_payment"
        self.assertEqual(self.contract._get_late_charge_policy(), "with_payment")
        self.contract.late_charge_policy = "next_invoice"
        self.assertEqual(self.contract._get_late_charge_policy(), "next_invoice")

    def test_more_than_the_law_allows_is_refused_with_the_law(self):
        for record in (self.company, self.plan, self.contract):
            for name, percent, law in (
                ("late_fee_percent", 2.01, "8.078"),
                ("late_fee_percent", -1, "8.078"),
                ("late_interest_percent", 1.01, "161"),
            ):
                with self.assertRaises(ValidationError) as refusal:
                    record[name] = percent
                self.assertIn(law, str(refusal.exception))

    def test_plan_begins_as_the_company_and_contract_as_the_plan(self):
        self.company.is_overdue_interest_included = True
        plan = self._create_plan("Fibra 700", {self.internet: 120})
        self.assertTrue(plan.is_overdue_interest_included)
        self.assertTrue(self._create_contract(plan=plan).is_overdue_interest_included)
        self.assertFalse(self.contract.is_overdue_interest_included)
