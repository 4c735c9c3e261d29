from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BilledContractCase

TODAY = date(2026, 4, 20)


class ChargingCase(BilledContractCase):
    """The contract of R$ 99.90, billed from 10/04 to 09/05/2026, and its clerks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.april = cls.contract._get_related_invoices()
        cls.router = cls._create_product("Router")
        cls.operator = cls._create_user("charging_operator", "group_contract_operator")
        cls.clerk = cls._create_user("charging_clerk", "group_contract_billing")

    def _sell(self, price=150.0, due_date=None, contract=None, **values):
        sale = {
            "product_id": self.router.id,
            "name": "Router AX3000",
            "quantity": 1,
            "uom_id": self.router.uom_id.id,
            "price_unit": price,
            **values,
        }
        contract = contract or self.contract
        return contract._charge_sale(sale, TODAY, due_date=due_date)

    def _bill(self, month):
        """Return what is billed and open for the 10th of a month of 2026."""
        self._bill_month(date(2026, month, 1))
        invoices = self.contract._get_related_invoices().filtered(
            lambda move: (
                move.invoice_date_due == date(2026, month, 10)
                and move.state == "posted"
            )
        )
        return round(sum(invoices.mapped("amount_untaxed_signed")), 2)

    def _pay(self, move, day=TODAY):
        with freeze_time(day):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"payment_date": day}).action_create_payments()

    def _get_charges(self, state):
        return self.contract.charge_ids.filtered(lambda c: c.state == state)


@tagged("contract_recurring", "post_install", "-at_install")
class TestCharging(ChargingCase):
    """Sale, manual charge, periods ahead, part of a period (S004-102 … 104)."""

    # === SALE AND MANUAL CHARGE ===

    def test_a_sale_goes_on_the_next_invoice(self):
        self.assertFalse(self._sell())
        charge = self._get_charges("pending")
        self.assertEqual((charge.amount, charge.due_date), (150.0, date(2026, 5, 10)))
        self.assertEqual(self._bill(5), 249.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_a_sale_on_an_invoice_of_its_own(self):
        move = self._sell(due_date=date(2026, 4, 27))
        self.assertEqual((move.amount_total, move.state), (150.0, "posted"))
        self.assertEqual(move.invoice_date_due, date(2026, 4, 27))
        self.assertEqual(self._bill(5), 99.90)

    def test_an_own_invoice_is_taken_back_with_its_sale(self):
        move = self._sell(due_date=date(2026, 4, 27))
        move.with_user(self.clerk).action_take_back()
        self.assertEqual(move.state, "cancel")
        self.assertEqual(self._get_charges("cancelled").amount, 150.0)
        self.assertEqual(self._bill(5), 99.90)

    def test_an_invoice_of_a_run_is_not_taken_back(self):
        with self.assertRaisesRegex(UserError, "not issued by hand"):
            self.april.action_take_back()

    def test_a_manual_charge_and_a_credit(self):
        self.contract._charge_amount("Visit", 80.0, "Damaged cable", TODAY)
        self.contract._charge_amount("Courtesy", -20.0, "Long wait", TODAY)
        self.assertEqual(self._bill(5), 159.90)
        visit = self.contract.charge_ids.filtered(lambda c: c.amount == 80.0)
        self.assertIn("Damaged cable", visit.explanation_text)
        self.assertEqual(visit.kind, "adjustment")
        events = self.contract.event_ids.filtered(lambda e: e.kind == "charging")
        self.assertEqual(len(events), 2)

    def test_what_cannot_be_charged_says_why(self):
        refused = (
            ("Say what", ("", 10.0, "x"), {}),
            ("Say why", ("Visit", 10.0, " "), {}),
            ("other than zero", ("Visit", 0.0, "x"), {}),
            ("next invoice", ("Visit", -1.0, "x"), {"due_date": date(2026, 4, 30)}),
            ("before today", ("Visit", 1.0, "x"), {"due_date": date(2026, 4, 19)}),
        )
        for words, values, more in refused:
            with self.assertRaisesRegex(UserError, words):
                self.contract._charge_amount(*values, TODAY, **more)
        for values in ({"quantity": 0}, {"price_unit": -5.0}, {"price_unit": 0.0}):
            with self.assertRaises(UserError):
                self._sell(**values)
        other = self.env["res.company"].create({"name": "Other Provider"})
        self.router.company_id = other
        with self.assertRaisesRegex(UserError, "another company"):
            self._sell()
        self.assertFalse(self._get_charges("pending"))

    def test_a_contract_not_in_force_is_not_charged(self):
        with self.assertRaisesRegex(UserError, "not in force"):
            self._sell(contract=self._create_contract())

    # === PERIODS AHEAD ===

    def test_periods_ahead_are_not_billed_again(self):
        moves = self.contract._generate_periods(2, TODAY)
        self.assertEqual(moves.mapped("amount_total"), [99.90, 99.90])
        self.assertEqual(
            moves.mapped("invoice_date_due"), [date(2026, 5, 10), date(2026, 6, 10)]
        )
        self.assertEqual(self.contract.recurring_next_date, date(2026, 7, 10))
        for month in (5, 6):
            self.assertFalse(self._simulate_run(date(2026, month, 1)).pending_count)
        self.assertEqual(self._bill(7), 99.90)
        days = self._get_days_charged(self.contract)
        self.assertEqual(set(days.values()), {1})
        self.assertLedgerIsInvoiced(self.contract)

    def test_what_waits_goes_on_the_first_of_them(self):
        self._sell()
        moves = self.contract._generate_periods(2, TODAY)
        self.assertEqual(moves.mapped("amount_total"), [249.90, 99.90])
        # taken back, the sale still waits
        for move in reversed(moves):
            move.action_take_back()
        self.assertEqual(self._get_charges("pending").amount, 150.0)

    def test_the_second_of_two_clerks_is_refused(self):
        seen = self.contract.recurring_next_date
        self.contract._generate_periods(1, TODAY, expected=seen)
        with self.assertRaisesRegex(UserError, "billed meanwhile"):
            self.contract._generate_periods(1, TODAY, expected=seen)
        self.assertEqual(len(self.contract._get_related_invoices()), 2)

    def test_periods_ahead_are_taken_back_last_first(self):
        may, june = self.contract._generate_periods(2, TODAY)
        with self.assertRaisesRegex(UserError, "back\n?.*first"):
            may.action_take_back()
        june.action_take_back()
        may.action_take_back()
        self.assertEqual(self.contract.recurring_next_date, date(2026, 5, 10))
        self.assertEqual(self._bill(5), 99.90)
        self.assertEqual(self._bill(6), 99.90)

    def test_taking_back_leaves_no_gap_behind_an_exemption(self):
        """10/05 to 19/05 charged, the rest exempt: 10 of 31 days, 32.23."""
        self.contract._exempt(date(2026, 5, 20), date(2026, 6, 9), TODAY)
        move = self.contract._generate_periods(1, TODAY)
        self.assertEqual(move.amount_total, 32.23)
        move.action_take_back()
        self.assertEqual(self._bill(5), 32.23)

    def test_a_paid_invoice_is_not_taken_back(self):
        move = self.contract._generate_periods(1, TODAY)
        self._pay(move)
        with self.assertRaisesRegex(UserError, "is paid"):
            move.action_take_back()

    def test_bad_numbers_of_periods(self):
        for count in (0, -1, 25):
            with self.assertRaises(UserError):
                self.contract._generate_periods(count, TODAY)
        self.contract._close(
            date(2026, 5, 9), self.env["contract.terminate.reason"].search([], limit=1)
        )
        with self.assertRaisesRegex(UserError, "no period left"):
            self.contract._generate_periods(1, TODAY)

    # === A PART OF A PERIOD ===

    def test_a_part_and_the_rest_are_the_whole(self):
        """10/05 to 20/05 is 11 of 31 days: 35.45; the rest 64.45."""
        move = self.contract._generate_prorata(
            date(2026, 5, 20), TODAY, due_date=date(2026, 4, 30)
        )
        self.assertEqual(move.amount_total, 35.45)
        self.assertEqual(self._bill(5), 64.45)
        self.assertEqual(self._bill(6), 99.90)
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})

    def test_a_part_on_the_next_invoice(self):
        self.assertFalse(self.contract._generate_prorata(date(2026, 5, 20), TODAY))
        self.assertEqual(self._get_charges("pending").amount, 35.45)
        self.assertEqual(self._bill(5), 99.90)

    def test_a_part_is_taken_back(self):
        move = self.contract._generate_prorata(
            date(2026, 5, 20), TODAY, due_date=date(2026, 4, 30)
        )
        move.action_take_back()
        self.assertEqual(self._bill(5), 99.90)

    def test_a_part_is_taken_back_after_the_contract_ended(self):
        """Billed until 09/05, and apart until 19/05; cancelled on 14/05: 5 days were
        given back of a part that nobody owes any more, and 5 days are owed."""
        part = self.contract._generate_prorata(date(2026, 5, 19), TODAY, TODAY)
        reason = self.env.ref("contract_recurring.terminate_reason_moved")
        self.contract._close(date(2026, 5, 14), reason)
        part._take_back(TODAY)
        credits = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual(credits.mapped("state"), ["cancelled"])
        # 5 of the 31 days of 10/05-09/06: 99.90 x 5 / 31
        self.assertEqual(self._bill(5), 16.11)
        days = self._get_days_charged(self.contract)
        self.assertEqual((max(days), set(days.values())), (date(2026, 5, 14), {1}))

    def test_a_part_given_back_on_an_invoice_stays(self):
        part = self.contract._generate_prorata(date(2026, 5, 19), TODAY, TODAY)
        reason = self.env.ref("contract_recurring.terminate_reason_moved")
        self.contract._close(date(2026, 5, 14), reason)
        self._bill_month(date(2026, 6, 1))
        with self.assertRaisesRegex(UserError, "given back on .* already"):
            part._take_back(TODAY)
        self.assertEqual(part.state, "posted")

    def test_a_part_is_neither_nothing_nor_a_whole_period(self):
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self.contract._generate_prorata(date(2026, 5, 9), TODAY)
        with self.assertRaisesRegex(UserError, "whole period"):
            self.contract._generate_prorata(date(2026, 6, 20), TODAY)

    def test_the_first_days_of_an_activation(self):
        """17/04 to 09/05 is 23 of 30 days: 76.59, before any run."""
        contract = self._create_contract(activation=date(2026, 4, 17))
        move = contract._generate_prorata(
            date(2026, 5, 9), TODAY, due_date=date(2026, 4, 22)
        )
        self.assertEqual(move.amount_total, 76.59)

    # === NEXT INVOICE ===

    def test_the_next_invoice_shows_every_charge_and_writes_nothing(self):
        self._sell()
        before = self.contract.charge_ids
        (bill,) = self.contract._preview_next_invoice(TODAY)
        self.assertEqual(bill["due_date"], date(2026, 5, 10))
        self.assertAlmostEqual(bill["amount_total"], 249.90)
        kinds = {row[1]: (row[5], row[6]) for row in bill["rows"]}
        self.assertEqual(kinds["recurring"][0], 99.90)
        self.assertIn("150", kinds["one_off"][1])
        self.assertEqual(self.contract.charge_ids, before)
        self.assertEqual(self._bill(5), 249.90)

    def test_the_next_invoice_with_overdue_interest(self):
        """Due 10/04, today 20/04: fine 2.00, 10 days of 1 %/30: 0.33."""
        self.contract.is_overdue_interest_included = True
        (bill,) = self.contract._preview_next_invoice(TODAY)
        late = {row[1]: row[5] for row in bill["rows"]}
        self.assertEqual((late["fine"], late["interest"]), (2.00, 0.33))
        self.assertAlmostEqual(bill["amount_total"], 102.23)

    def test_the_screen_of_the_next_invoice(self):
        wizard = (
            self.env["contract.next.invoice"]
            .with_context(active_id=self.contract.id)
            .create({})
        )
        self.assertEqual((wizard.amount_total, wizard.obstacle), (99.90, False))
        self.assertIn("Internet 500 Mega", wizard.line_ids.label)
        self.partner.active = False
        wizard = (
            self.env["contract.next.invoice"]
            .with_context(active_id=self.contract.id)
            .create({})
        )
        self.assertIn("archived", wizard.obstacle)

    # === DIALOGS ===

    def test_the_dialog_of_a_sale_says_what_it_makes(self):
        form = self._open("contract.sell")
        form.product_id = self.router
        form.price_unit = 150.0
        self.assertIn("249.90", form.preview)
        form.placement = "own_invoice"
        form.due_date = date(2026, 4, 27)
        self.assertIn("150.00", form.preview)
        self.assertFalse(self._get_charges("pending"))
        form.save().action_apply()
        self.assertEqual(
            sorted(self._get_charges("billed").mapped("amount")), [99.90, 150.0]
        )
        self.assertEqual(len(self.contract._get_related_invoices()), 2)

    def test_the_dialog_of_periods_ahead(self):
        form = self._open("contract.bill.ahead")
        self.assertEqual(form.first_due_date, date(2026, 5, 10))
        form.count = 3
        self.assertEqual(form.preview.count("99.90"), 6)
        stale = form.save()
        self.contract._generate_periods(1, TODAY)
        with self.assertRaisesRegex(UserError, "billed meanwhile"):
            stale.action_apply()

    def test_a_preview_posts_nothing_and_tries_once(self):
        """Drafts say what is billed; posting would number, send and ask banks."""
        contracts = self.env.registry["contract.contract"]
        trial, tried = contracts._trial, []

        def count(contract):
            tried.append(contract)
            return trial(contract)

        moves = self.env.registry["account.move"]
        refuse = patch.object(moves, "_post", side_effect=AssertionError("posted"))
        with patch.object(contracts, "_trial", count), refuse:
            form = self._open("contract.bill.ahead")
        self.assertEqual(form.preview.count("99.90"), 2)
        self.assertEqual(len(tried), 1)

    def test_the_dialogs_of_amount_and_part(self):
        form = self._open("contract.enter.charge")
        form.description, form.reason = "Visit", "Damaged cable"
        form.amount = 80.0
        self.assertIn("179.90", form.preview)
        form.save().action_apply()
        form = self._open("contract.bill.part")
        form.last_day = date(2026, 5, 20)
        self.assertIn("35.45", form.preview)
        form.last_day = date(2026, 5, 9)
        self.assertIn("Nothing is left", form.obstacle)

    # === LINKS ===

    def test_links_count_what_waits_and_what_is_open(self):
        self.assertEqual(self.contract.open_move_count, 1)
        self._sell()
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.pending_charge_count, 1)
        self.assertEqual(self.contract.pending_charge_amount, 150.0)
        action = self.contract.action_view_open_moves()
        self.assertEqual(self.env["account.move"].search(action["domain"]), self.april)
        action = self.contract.action_view_pending_charges()
        self.assertEqual(action["domain"], [("contract_id", "=", self.contract.id)])

    # === INTRUDERS ===

    def test_operators_charge_and_do_not_issue(self):
        contract = self.contract.with_user(self.operator)
        self._sell(contract=contract)
        with self.assertRaisesRegex(AccessError, "Only those who bill"):
            self._sell(contract=contract, due_date=date(2026, 4, 27))
        with self.assertRaises(AccessError):
            contract._generate_periods(1, TODAY)
        with self.assertRaisesRegex(AccessError, "credits"):
            contract._charge_amount("Courtesy", -20.0, "x", TODAY)
        with self.assertRaises(AccessError):
            self.env["contract.bill.ahead"].with_user(self.operator).create(
                {"contract_id": self.contract.id}
            )

    def test_readers_charge_nothing(self):
        reader = self._create_user("charging_reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self._sell(contract=self.contract.with_user(reader))
        self._sell()
        with self.assertRaises(AccessError):
            self._get_charges("pending").with_user(reader).action_cancel()

    def test_operators_take_back_their_own_charges_only(self):
        self._sell(contract=self.contract.with_user(self.operator))
        own = self._get_charges("pending")
        own.with_user(self.operator).action_cancel()
        self.assertEqual(own.state, "cancelled")
        self._sell()
        with self.assertRaisesRegex(AccessError, "yourself"):
            self._get_charges("pending").with_user(self.operator).action_cancel()

    def test_another_company_charges_nothing(self):
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("charging_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            self._sell(contract=self.contract.with_user(stranger))
        with self.assertRaises(AccessError):
            self.april.with_user(stranger)._regenerate(TODAY)
