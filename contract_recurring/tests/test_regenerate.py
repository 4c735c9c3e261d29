from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_charging import TODAY, ChargingCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestRegenerate(ChargingCase):
    """An unpaid invoice written anew with today's terms (S004-108)."""

    def _read(self, moves):
        return sorted(
            (line.product_id.id, line.quantity, line.price_unit, line.price_subtotal)
            for line in moves.invoice_line_ids
        )

    def _regenerate(self, **values):
        return self.april.with_user(self.clerk)._regenerate(TODAY, **values)

    def test_nothing_changed_gives_the_same(self):
        before = self._read(self.april)
        new = self._regenerate()
        self.assertEqual(self._read(new), before)
        self.assertEqual(self.april.state, "cancel")
        self.assertEqual(self.april.replaced_by_id, new)
        # overdue since 10/04: due today unless another day is asked for
        self.assertEqual(new.invoice_date_due, TODAY)
        self.assertEqual(self._bill(5), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        price=st.integers(1, 99999),
        quantity=st.integers(1, 3),
        start=st.integers(1, 28),
        due_day=st.integers(1, 31),
        reference=st.sampled_from(["past", "present", "future"]),
    )
    def test_any_contract_regenerated_gives_the_same(
        self, price, quantity, start, due_day, reference
    ):
        with self.env.cr.savepoint() as savepoint:
            contract = self._create_contract(
                activation=date(2026, 4, start), due_day=due_day
            )
            contract.reference_period = reference
            contract.contract_line_ids.write(
                {"quantity": quantity, "specific_price": price / 100}
            )
            moves = contract._generate_periods(1, TODAY)
            before = self._read(moves)
            new = self.env["account.move"]
            for move in moves.filtered(lambda move: move.amount_total > 0):
                new |= move._regenerate(TODAY)
            self.assertEqual(self._read(new), before)
            self.assertEqual(set(self._get_days_charged(contract).values()), {1})
            savepoint.close(rollback=True)

    def test_a_changed_plan_is_billed_by_its_days(self):
        """10 of 30 days at 99.90 and 20 at 129.90: 33.30 + 86.60 = 119.90."""
        self.contract._change_plan(self.faster, TODAY)
        new = self._regenerate()
        self.assertAlmostEqual(new.amount_total, 119.90)
        self.assertEqual(
            sorted(new.invoice_line_ids.mapped("price_subtotal")), [33.30, 86.60]
        )
        # neither the credit nor the new plan's first days come once more
        self.assertEqual(self._bill(5), 129.90)
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})

    def test_a_discount_and_a_price_of_today(self):
        self.contract.contract_line_ids.specific_price = 89.90
        self.assertEqual(self._regenerate().amount_total, 89.90)

    def test_the_holder_of_today(self):
        other = self._create_customer("João Souza")
        self.contract._change_holder(other)
        new = self._regenerate()
        self.assertEqual(new.partner_id, other)
        self.assertEqual(new.contract_charge_ids.partner_id, other)

    def test_an_invoice_in_the_middle(self):
        """May is billed already; April's days are found again all the same."""
        self.contract._generate_periods(1, TODAY)
        new = self._regenerate(due_date=date(2026, 4, 30))
        self.assertEqual(new.amount_total, 99.90)
        self.assertEqual(new.invoice_date_due, date(2026, 4, 30))
        self.assertEqual(self.contract.recurring_next_date, date(2026, 6, 10))

    def test_what_was_sold_once_is_billed_again(self):
        self._sell()
        may = self.contract._generate_periods(1, TODAY)
        self.assertEqual(may._regenerate(TODAY).amount_total, 249.90)

    def test_a_paid_invoice_is_refused(self):
        self._pay(self.april)
        with self.assertRaisesRegex(UserError, "is paid|Fine or interest"):
            self._regenerate()

    def test_a_partly_paid_invoice_is_refused(self):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.april.ids
        ).create({"payment_date": TODAY, "amount": 10.0}).action_create_payments()
        with self.assertRaisesRegex(UserError, "partly paid"):
            self._regenerate()

    def test_a_closed_period_is_refused(self):
        self.company.fiscalyear_lock_date = date(2026, 4, 19)
        with self.assertRaisesRegex(UserError, "closed until"):
            self._regenerate()
        self.assertEqual(self.april.state, "posted")

    def test_a_hook_may_refuse(self):
        words = "NFCom 123 states it"
        moves = type(self.april)
        self.patch(moves, "_get_regenerate_obstacle", lambda move: words)
        with self.assertRaisesRegex(UserError, words):
            self._regenerate()
        self.assertEqual(self.april.state, "posted")

    def test_an_earlier_due_date_is_refused(self):
        with self.assertRaisesRegex(UserError, "before today"):
            self._regenerate(due_date=date(2026, 4, 19))

    def test_twice_is_refused(self):
        self._regenerate()
        with self.assertRaisesRegex(UserError, "not posted"):
            self._regenerate()

    def test_the_old_one_never_comes_back(self):
        self._regenerate()
        with self.assertRaisesRegex(UserError, "stays cancelled"):
            self.april.button_draft()

    def test_the_event_tells_it(self):
        self._regenerate(reason="Wrong address")
        event = self.contract.event_ids.filtered(lambda e: e.kind == "invoice")
        self.assertEqual(event.reason, "Wrong address")
        self.assertIn(self.april.name, event.to_state)

    def test_only_who_bills_regenerates(self):
        with self.assertRaises(AccessError):
            self.april.with_user(self.operator)._regenerate(TODAY)

    def test_the_dialog_shows_both(self):
        self.contract.contract_line_ids.specific_price = 89.90
        wizard = self.env["contract.regenerate.invoice"].with_context(
            active_id=self.april.id
        )
        form = Form(wizard)
        self.assertIn("99.90", form.preview)
        self.assertIn("89.90", form.preview)
        self.assertEqual(self.april.state, "posted")
        form.save().action_apply()
        self.assertEqual(self.april.state, "cancel")
        form = Form(wizard)
        self.assertIn("not posted", form.obstacle)


@tagged("contract_recurring", "post_install", "-at_install")
class TestMerge(ChargingCase):
    """Two open invoices as one charge (*criar cobrança*, S004-105)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.may = cls.contract._generate_periods(1, TODAY)
        cls.both = cls.april | cls.may

    def _merge(self, moves=None, with_late=False, **values):
        return (moves or self.both)._merge_invoices(
            values.pop("due_date", date(2026, 4, 30)),
            TODAY,
            with_late=with_late,
            **values,
        )

    def test_one_charge_stands_for_both(self):
        new = self._merge()
        self.assertEqual((new.amount_total, len(new)), (199.80, 1))
        self.assertEqual(new.invoice_date_due, date(2026, 4, 30))
        self.assertEqual(set(self.both.mapped("state")), {"cancel"})
        self.assertEqual(new.replaces_ids, self.both)
        self.assertEqual(self._bill(6), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_with_fine_and_interest_of_today(self):
        """Of April: fine 2.00 and 10 days of interest 0.33; May is not due."""
        new = self._merge(with_late=True)
        self.assertAlmostEqual(new.amount_total, 202.13)
        fine = new.contract_charge_ids.filtered(lambda c: c.kind == "fine")
        self.assertIn(self.april.name, fine.label)
        new._undo_merge()
        self.assertEqual(fine.state, "cancelled")

    def test_undone_the_originals_are_open_again(self):
        names = self.both.mapped("name")
        new = self._merge()
        originals = new.with_user(self.clerk)._undo_merge()
        self.assertEqual(new.state, "cancel")
        self.assertEqual(originals.sorted("id"), self.both.sorted("id"))
        self.assertEqual(self.both.mapped("name"), names)
        self.assertEqual(set(self.both.mapped("state")), {"posted"})
        self.assertEqual(
            self.both.mapped("invoice_date_due"),
            [date(2026, 4, 10), date(2026, 5, 10)],
        )
        self.assertEqual(self.both.mapped("amount_total"), [99.90, 99.90])
        self.assertEqual(self.april.contract_charge_ids.due_date, date(2026, 4, 10))
        self.assertLedgerIsInvoiced(self.contract)
        self.assertEqual(self._bill(6), 99.90)

    def test_merged_and_paid_it_is_not_undone(self):
        new = self._merge()
        self._pay(new)
        with self.assertRaisesRegex(UserError, "is paid"):
            new._undo_merge()

    def test_invoices_of_two_contracts_of_a_customer(self):
        other = self._create_contract(activation=date(2026, 4, 10))
        move = other._generate_periods(1, TODAY)
        new = self._merge(self.april | move)
        self.assertAlmostEqual(new.amount_total, 199.80)
        names = "\n".join(new.invoice_line_ids.mapped("name"))
        for contract in (self.contract, other):
            self.assertIn(contract.code, names)

    def test_what_cannot_be_merged_says_why(self):
        other = self._create_contract(
            activation=date(2026, 4, 10), partner=self._create_customer("João Souza")
        )
        move = other._generate_periods(1, TODAY)
        with self.assertRaisesRegex(UserError, "several customers"):
            self._merge(self.april | move)
        with self.assertRaisesRegex(UserError, "two or more"):
            self._merge(self.april)
        with self.assertRaisesRegex(UserError, "before today"):
            self._merge(due_date=date(2026, 4, 1))
        with self.assertRaises(AccessError):
            self._merge(self.both.with_user(self.operator))
        self._pay(self.may)
        with self.assertRaisesRegex(UserError, "is paid"):
            self._merge()
        self.assertEqual(self.april.state, "posted")

    def test_a_plain_invoice_is_not_undone(self):
        with self.assertRaisesRegex(UserError, "does not stand"):
            self.april.action_undo_merge()

    def test_the_dialog(self):
        wizard = self.env["contract.merge.invoices"].with_context(
            active_model="account.move", active_ids=self.both.ids
        )
        form = Form(wizard)
        self.assertIn("202.13", form.preview)
        form.with_late = False
        self.assertIn("199.80", form.preview)
        self.assertEqual(self.april.state, "posted")
        form.save().action_apply()
        self.assertEqual(self.april.state, "cancel")
