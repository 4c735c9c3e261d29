from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_charging import TODAY, ChargingCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestUnifiedBilling(ChargingCase):
    """Contracts of one customer on one invoice (*cobrança unificada*, S004-50).

    One of R$ 99.90 due on the 10th, one of R$ 59.90 due on the 5th; both billed
    in April, unified on 20/04 with the 10th.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tv_plan = cls._create_plan("TV", {cls.television: 59.90})
        cls.tv = cls._create_contract(
            activation=date(2026, 4, 5), plan=cls.tv_plan, due_day=5
        )
        cls._bill_month(date(2026, 4, 1))

    def _unify(self, contracts=None, due_day=10, date_from=TODAY):
        contracts = contracts or (self.contract | self.tv)
        return contracts._unify(date_from, due_day, TODAY)

    def _bill_due(self, day):
        """Return the invoices of both contracts due on a day, after its run."""
        self._bill_month(day.replace(day=1))
        charges = (self.contract | self.tv).charge_ids
        return charges.move_id.filtered(
            lambda m: m.invoice_date_due == day and m.state == "posted"
        )

    def test_one_invoice_from_the_start_date_on(self):
        """05/05 to 09/05 of the TV: 5 of 30 days, 9.98, to reach the 10th."""
        self._unify()
        self.assertEqual(self.tv.due_day, 10)
        move = self._bill_due(date(2026, 5, 10))
        self.assertEqual(len(move), 1)
        self.assertAlmostEqual(move.amount_total, 99.90 + 9.98 + 59.90)
        self.assertIn(self.contract.code, move.ref)
        self.assertIn(self.tv.code, move.ref)
        for line in move.invoice_line_ids:
            charge = line.contract_charge_ids
            self.assertIn(charge.contract_id.code, line.name)
        june = self._bill_due(date(2026, 6, 10))
        self.assertAlmostEqual(june.amount_total, 159.80)
        for contract in (self.contract, self.tv):
            self.assertEqual(set(self._get_days_charged(contract).values()), {1})
        self.assertLedgerIsInvoiced(self.contract | self.tv)

    def test_a_cancelled_one_comes_back_to_its_payer(self):
        self._unify()
        payer = self._create_customer("Administradora")
        self.contract.billing_group_id.invoice_partner_id = payer
        move = self._bill_due(date(2026, 5, 10))
        self.assertEqual(move.partner_id, payer)
        move.button_cancel()
        move.button_draft()
        move.action_post()
        self.assertEqual(self._bill_due(date(2026, 5, 10)), move)
        self.assertLedgerIsInvoiced(self.contract | self.tv)

    def test_apart_until_the_start_date(self):
        self._unify(date_from=date(2026, 6, 1))
        self.assertEqual(len(self._bill_due(date(2026, 5, 10))), 2)
        self.assertEqual(len(self._bill_due(date(2026, 6, 10))), 1)

    def test_a_run_of_one_plan_brings_the_other_contract(self):
        self._unify()
        run = self._bill_month(date(2026, 5, 1), plan_ids=self.tv_plan.ids)
        self.assertEqual(run.item_ids.contract_id, self.contract | self.tv)
        self.assertEqual(len(run.charge_ids.move_id), 1)
        for item in run.item_ids:
            self.assertEqual(item.move_count, 1)
        amounts = {item.contract_id: item.billed_amount for item in run.item_ids}
        self.assertAlmostEqual(amounts[self.contract], 99.90)
        self.assertAlmostEqual(amounts[self.tv], 69.88)
        previous = {i.contract_id: i.previous_amount for i in run.item_ids}
        self.assertAlmostEqual(previous[self.tv], 59.90)

    def test_batches_keep_them_together(self):
        self._unify()
        for number in range(3):
            self._create_contract(
                activation=date(2026, 4, 10),
                partner=self._create_customer(f"Customer {number}"),
            )
        self.patch(type(self.env["contract.billing.run"]), "_batch_size", 1)
        run = self._simulate_run(date(2026, 5, 1))
        batches = run._cut_batches(run._get_items("pending"))
        self.assertEqual(sorted(map(len, batches)), [1, 1, 1, 2])
        run.action_approve()
        run.action_start()
        moves = (self.contract | self.tv).charge_ids.filtered("run_id").move_id
        self.assertEqual(len(moves & run.charge_ids.move_id), 1)

    def test_what_fails_fails_together(self):
        self._unify()
        run = self._simulate_run(date(2026, 5, 1))
        journal = self.contract.journal_id
        self.contract.journal_id = False
        run.action_approve()
        run.action_start()
        states = {i.contract_id: (i.state, i.message) for i in run.item_ids}
        self.assertEqual(states[self.contract][0], "failed")
        self.assertEqual(states[self.tv][0], "failed")
        self.assertIn("Billed together", states[self.tv][1])
        self.contract.journal_id = journal
        run.action_retry()
        self.assertEqual(len(run.charge_ids.move_id), 1)

    def test_next_invoice_and_periods_ahead_are_of_both(self):
        self._unify()
        (bill,) = self.tv._preview_next_invoice(TODAY)
        self.assertAlmostEqual(bill["amount_total"], 169.78)
        move = self.tv._generate_periods(1, TODAY)
        self.assertEqual(move.contract_charge_ids.contract_id, self.contract | self.tv)
        self.assertFalse(self._simulate_run(date(2026, 5, 1)).pending_count)
        move.action_take_back()
        self.assertAlmostEqual(self._bill_due(date(2026, 5, 10)).amount_total, 169.78)

    def test_a_unified_invoice_is_regenerated(self):
        self._unify()
        move = self._bill_due(date(2026, 5, 10))
        new = move._regenerate(TODAY)
        self.assertEqual(len(new), 1)
        self.assertAlmostEqual(new.amount_total, 169.78)

    def test_an_exemption_credits_the_unified_invoice(self):
        self._unify()
        move = self._bill_due(date(2026, 5, 10))
        note = self.tv._exempt(date(2026, 5, 10), date(2026, 6, 9), date(2026, 5, 12))
        self.assertAlmostEqual(note.amount_total, 59.90)
        self.assertAlmostEqual(move.amount_residual, 109.88)
        self.assertEqual(self.contract.due_status, self.tv.due_status)

    def test_a_credit_of_one_lowers_the_invoice_of_both(self):
        self._unify()
        self.tv._charge_amount("Courtesy", -80.0, "Long wait", TODAY)
        move = self._bill_due(date(2026, 5, 10))
        self.assertEqual(move.move_type, "out_invoice")
        self.assertAlmostEqual(move.amount_total, 89.78)

    def test_another_holder_leaves(self):
        self._unify()
        self.tv._change_holder(self._create_customer("João Souza"))
        self.assertFalse(self.tv.billing_group_id)
        self.assertEqual(len(self._bill_due(date(2026, 5, 10))), 2)

    def test_the_last_one_out_puts_the_unification_away(self):
        group = self._unify()
        self.contract.action_leave_unified()
        self.assertTrue(group.active)
        self.tv.action_leave_unified()
        self.assertFalse(group.active)
        with self.assertRaisesRegex(UserError, "by itself already"):
            self.tv.action_leave_unified()

    def test_one_is_cancelled_and_the_other_goes_on(self):
        self._unify()
        reason = self.env["contract.terminate.reason"].search([], limit=1)
        self.tv._close(TODAY, reason, comment="x")
        # 21/04 to 04/05 come back: 14 of 30 days, 27.95
        move = self._bill_due(date(2026, 5, 10))
        self.assertEqual(len(move), 1)
        self.assertAlmostEqual(move.amount_total, 99.90 - 27.95)
        self.assertAlmostEqual(self._bill_due(date(2026, 6, 10)).amount_total, 99.90)

    def test_a_third_contract_joins(self):
        group = self._unify()
        third = self._create_contract(activation=date(2026, 4, 20))
        self.assertEqual(self._unify(self.tv | third), group)
        self.assertEqual(len(group.contract_ids), 3)

    def test_what_cannot_be_unified_says_why(self):
        other = self._create_contract(
            activation=date(2026, 4, 10), partner=self._create_customer("João Souza")
        )
        with self.assertRaisesRegex(UserError, "several customers"):
            self._unify(self.contract | other)
        with self.assertRaisesRegex(UserError, "two or more"):
            self._unify(self.contract)
        with self.assertRaisesRegex(UserError, "between 1 and 31"):
            self._unify(due_day=32)
        with self.assertRaisesRegex(UserError, "billed already"):
            self._unify(date_from=date(2026, 4, 19))
        self.tv.journal_id = self.tv.journal_id.copy()
        with self.assertRaisesRegex(UserError, "Journal"):
            self._unify()
        self.assertFalse(self.contract.billing_group_id)
        self.assertEqual(self.tv.due_day, 5)

    def test_another_customer_by_writing_is_refused(self):
        self._unify()
        with self.assertRaisesRegex(UserError, "billed together"):
            self.tv.partner_id = self._create_customer("João Souza")

    def test_events_tell_it(self):
        self._unify()
        self.tv.action_leave_unified()
        events = self.tv.event_ids.filtered(lambda e: e.kind == "unification")
        self.assertEqual(len(events), 2)
        self.assertEqual(set(events.mapped("mrr_change")), {0.0})

    def test_the_dialog(self):
        form = Form(
            self.env["contract.unify"].with_context(
                active_model="contract.contract", active_ids=self.contract.ids
            )
        )
        self.assertEqual(form.due_day, 10)
        self.assertIn("169.78", form.preview)
        self.assertEqual(self.tv.due_day, 5)
        form.save().action_apply()
        self.assertEqual(self.tv.billing_group_id, self.contract.billing_group_id)

    def test_readers_and_other_companies_are_kept_out(self):
        reader = self._create_user("unified_reader", "group_contract_reader")
        contracts = self.contract | self.tv
        with self.assertRaises(AccessError):
            self._unify(contracts.with_user(reader))
        group = self._unify(contracts.with_user(self.operator))
        with self.assertRaises(AccessError):
            group.with_user(self.operator).write({"due_day": 5})
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("unified_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        groups = self.env["contract.billing.group"].with_user(stranger)
        self.assertFalse(groups.search([]))
        with self.assertRaises(AccessError):
            self.tv.with_user(stranger).action_leave_unified()
