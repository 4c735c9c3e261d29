import doctest
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..tools import blocked_days
from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestOutage(ContractCase):
    """Days without service are given back once, with the next invoice.

    One contract of R$ 99,90 from the 10th to the 9th, billed for 10/03 to
    09/04 (31 days).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-20 15:00:00"))
        cls.contract = cls._create_contract(activation=date(2026, 3, 10))
        cls._bill_month(date(2026, 3, 1))

    def _credit(self, first, last, reason="Fibre cut", contracts=None, **values):
        return (contracts or self.contract)._credit_outage(
            date(2026, 3, first),
            date(2026, 3, last),
            reason,
            date(2026, 3, 20),
            **values,
        )

    def _find_april(self, contract=None):
        return (contract or self.contract).charge_ids.move_id.filtered(
            lambda move: move.invoice_date_due == date(2026, 4, 10)
        )

    def test_days_billed_come_back_with_the_next_invoice(self):
        # 3 of 31 days: days 3 to 5: round(99,90 × 5/31) − round(99,90 × 2/31)
        # = 16,11 − 6,45 = 9,66
        outage = self._credit(12, 14)
        self.assertEqual((outage.days, outage.amount), (3, 9.66))
        self.assertEqual(outage.charge_ids.due_date, date(2026, 4, 10))
        self._bill_month(date(2026, 4, 1))
        self.assertEqual(self._find_april().amount_total, 90.24)
        self.assertIn("Fibre cut", outage.charge_ids.explanation_text)
        self.assertIn("3 of 31 days", outage.charge_ids.explanation_text)
        self.assertLedgerIsInvoiced(self.contract)

    def test_no_day_is_given_back_twice(self):
        self._credit(12, 14)
        again = self._credit(13, 15)
        self.assertEqual((again.date_from, again.days), (date(2026, 3, 15), 1))
        self.assertFalse(self._credit(12, 15))
        # nor once more by ending the plan on the 17th
        self.contract._end_lines(self.contract.contract_line_ids, date(2026, 3, 17))
        credits = self.contract.charge_ids.filtered(
            lambda c: c.kind in ("credit", "outage")
        )
        # 8 of 31 days: 25,78; less 3 days, 9,66, and one, 19,34 − 16,11 = 3,23
        self.assertAlmostEqual(99.90 + sum(credits.mapped("amount")), 12.89, 2)

    def test_what_was_charged_is_still_charged_until_then(self):
        self._credit(12, 14)
        line = self.contract.contract_line_ids
        line._follow_ledger()
        self.assertEqual(line.last_date_invoiced, date(2026, 4, 9))
        self._bill_month(date(2026, 4, 1))
        self.assertEqual(line.last_date_invoiced, date(2026, 5, 9))

    def test_days_billed_after_use_come_back_when_they_are_billed(self):
        plan = self._create_plan(
            "Pós-pago", {self.internet: 99.90}, reference_period="past"
        )
        contract = self._create_contract(
            activation=date(2026, 3, 10), plan=plan, reference_period="past"
        )
        outage = self._credit(12, 14, contracts=contract)
        self.assertEqual((outage.days, outage.amount), (3, 0.0))
        self._bill_month(date(2026, 4, 1))
        self.assertEqual(outage.amount, 9.66)
        self.assertEqual(self._find_april(contract).amount_total, 90.24)

    def test_undone_while_not_billed(self):
        outage = self._credit(12, 14)
        outage.action_undo()
        self.assertEqual(outage.state, "undone")
        self._bill_month(date(2026, 4, 1))
        self.assertEqual(self._find_april().amount_total, 99.90)
        self.assertEqual(self._credit(12, 14).amount, 9.66)

    def test_not_undone_once_billed(self):
        outage = self._credit(12, 14)
        self._bill_month(date(2026, 4, 1))
        with self.assertRaises(UserError):
            outage.action_undo()
        with self.assertRaises(UserError):
            outage.unlink()

    def test_exempt_days_are_not_given_back_again(self):
        self.contract._exempt(
            date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 20), reason="Gift"
        )
        outage = self._credit(12, 14)
        # only the 14th: round(99,90 × 5/31) − round(99,90 × 4/31) = 16,11 − 12,89
        self.assertEqual(outage.amount, 3.22)

    def test_events_tell_who_and_why(self):
        outage = self._credit(12, 14)
        outage.action_undo()
        events = self.contract.event_ids.filtered(lambda e: e.kind == "outage")
        self.assertEqual(len(events), 2)
        self.assertEqual(set(events.mapped("reason")), {"Fibre cut"})
        self.assertEqual(set(events.mapped("mrr_change")), {0.0})

    def test_bad_input_is_refused_and_leaves_nothing(self):
        for first, last, reason in ((14, 12, "x"), (12, 21, "x"), (12, 14, " ")):
            with self.assertRaises(UserError):
                self._credit(first, last, reason)
        with self.assertRaises(UserError):
            self._credit(9, 12)
        with self.assertRaises(UserError):
            self._credit(12, 12, contracts=self._create_contract())
        self.assertFalse(self.contract.outage_ids)

    def test_blocked_days_are_given_back_unless_charged(self):
        spans = {self.contract: [(date(2026, 3, 12), date(2026, 3, 14))]}
        today = date(2026, 3, 20)
        self.company.is_blocked_time_charged = True
        self.assertFalse(self.contract._credit_blocked_days(spans, "Blocked", today))
        self.company.is_blocked_time_charged = False
        outage = self.contract._credit_blocked_days(spans, "Blocked", today)
        self.assertEqual((outage.kind, outage.amount), ("default", 9.66))
        self.assertFalse(self.contract._credit_blocked_days(spans, "Blocked", today))

    def _block(self, first, last):
        """Write the events of a block as the service does."""
        event = self.env["contract.event"]
        kinds = dict(event._fields["kind"]._description_selection(self.env))
        if "service_state" not in kinds:
            self.skipTest("the states of the service are not there")
        for day, before, after in (
            (first, "full", "blocked"),
            (last, "blocked", "full"),
        ):
            event._record(
                self.contract,
                "service_state",
                effective_date=date(2026, 3, day),
                from_state=before,
                to_state=after,
            )

    def test_days_of_a_block_come_back_with_the_next_invoice(self):
        # blocked on the 12th, back on the 15th: 3 days, as above
        self._block(12, 15)
        run = self._simulate_run(date(2026, 4, 1))
        item = run.item_ids.filtered(lambda item: item.contract_id == self.contract)
        self.assertEqual(item.amount, 90.24)
        run.action_approve()
        run.action_start()
        self.assertEqual(self._find_april().amount_total, 90.24)
        self.assertIn("late payment", self.contract.outage_ids.reason)
        self._bill_month(date(2026, 5, 1))
        self.assertEqual(self.contract.outage_ids.amount, 9.66)

    def test_examples_of_blocked_days(self):
        results = doctest.testmod(blocked_days)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)

    # === WIZARD ===

    def _open(self, **values):
        form = Form(self.env["contract.credit.outage"])
        form.date_from, form.date_to = date(2026, 3, 12), date(2026, 3, 14)
        form.reason = "Fibre cut"
        for name, record in values.items():
            getattr(form, name).add(record)
        return form.save()

    def test_many_at_once_by_plan_with_a_preview(self):
        other = self._create_contract(
            activation=date(2026, 3, 13), partner=self._create_customer("João Souza")
        )
        self._bill_month(date(2026, 3, 1))
        wizard = self._open(plan_ids=self.plan)
        wizard.action_preview()
        rows = {line.contract_id: line for line in wizard.line_ids}
        self.assertEqual(rows[self.contract].amount, 9.66)
        self.assertIn("active since", rows[other].message)
        # nothing was given yet
        self.assertFalse(self.contract.outage_ids)
        self.assertFalse(self.contract.event_ids.filtered(lambda e: e.kind == "outage"))
        wizard.action_apply()
        self.assertEqual(self.contract.outage_ids.amount, 9.66)
        self.assertFalse(other.outage_ids)

    def test_tag_city_or_plan_must_be_chosen(self):
        wizard = self._open()
        with self.assertRaises(UserError):
            wizard.action_preview()
        with self.assertRaises(UserError):
            wizard.action_apply()
        tag = self.env["contract.tag"].create({"name": "POP Centro"})
        self.contract.tag_ids = tag
        wizard = self._open(tag_ids=tag)
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.contract_id, self.contract)

    def test_list_selection_is_taken_over(self):
        wizard = self.env["contract.credit.outage"].with_context(
            active_model="contract.contract", active_ids=self.contract.ids
        )
        form = Form(wizard)
        self.assertEqual(form.chosen_by, "contracts")
        form.reason = "Fibre cut"
        wizard = form.save()
        wizard.action_preview()
        # yesterday, 19/03: round(99,90 × 10/31) − round(99,90 × 9/31)
        self.assertEqual(wizard.total_amount, 3.23)

    # === INTRUDERS ===

    def test_only_who_may_exempt_gives_days_back(self):
        clerk = self._create_user("outage_clerk", "group_contract_billing")
        with self.assertRaises(AccessError):
            self.contract.with_user(clerk)._credit_outage(
                date(2026, 3, 12), date(2026, 3, 12), "x", date(2026, 3, 20)
            )
        outage = self._credit(12, 14)
        with self.assertRaises(AccessError):
            outage.with_user(clerk).action_undo()
        with self.assertRaises(AccessError):
            outage.with_user(clerk).write({"reason": "x"})
        self.assertFalse(
            self.env["contract.credit.outage"].with_user(clerk).has_access("create")
        )

    def test_another_company_sees_nothing(self):
        outage = self._credit(12, 14)
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("outage_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.env["contract.outage"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            outage.with_user(stranger).action_undo()
