from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ContractCase

ITEM_LOGGER = "odoo.addons.contract_recurring.models.contract_run_item_mixin"


@tagged("contract_recurring", "post_install", "-at_install")
class TestBillingRun(ContractCase):
    """A run bills what falls due, once, and says what it could not bill."""

    def test_month_of_activation_and_the_months_after(self):
        """Active since 17/03, due on the 10th: 24 of 31 days and April's period
        are due on 10/04, then a full period each month."""
        contract = self._create_contract(activation=date(2026, 3, 17))
        self.assertFalse(self._simulate_run(date(2026, 3, 1)).item_count)
        april = self._bill_month(date(2026, 4, 1))
        self.assertEqual((april.state, april.done_count), ("done", 1))
        self.assertAlmostEqual(april.billed_amount, 177.24)
        may = self._bill_month(date(2026, 5, 1))
        self.assertAlmostEqual(may.billed_amount, 99.90)
        moves = contract._get_related_invoices().sorted("invoice_date_due")
        self.assertEqual(moves.mapped("state"), ["posted", "posted"])
        self.assertEqual(
            moves.mapped("invoice_date_due"), [date(2026, 4, 10), date(2026, 5, 10)]
        )
        self.assertEqual(moves.partner_id, self.partner)
        self.assertLedgerIsInvoiced(contract)

    def test_second_run_bills_nothing(self):
        self._create_contract(activation=date(2026, 3, 1))
        first = self._bill_month(date(2026, 3, 1))
        self.assertEqual(first.done_count, 1)
        second = self._bill_month(date(2026, 3, 1))
        self.assertEqual((second.item_count, second.gone_count), (0, 0))
        with self.assertRaisesRegex(UserError, "nothing to bill"):
            second.action_approve()

    def test_what_an_earlier_month_missed_joins_this_months_invoice(self):
        contract = self._create_contract(activation=date(2026, 3, 10))
        self._bill_month(date(2026, 5, 1))
        move = contract._get_related_invoices()
        self.assertEqual(len(move), 1)
        self.assertEqual(move.invoice_date_due, date(2026, 5, 10))
        self.assertAlmostEqual(move.amount_untaxed, 3 * 99.90)

    def test_activation_fee_is_on_the_first_invoice_once(self):
        contract = self._create_contract(
            activation=date(2026, 3, 10), activation_fee=150
        )
        self._bill_month(date(2026, 3, 1))
        self._bill_month(date(2026, 4, 1))
        amounts = contract._get_related_invoices().sorted("invoice_date_due")
        self.assertEqual(amounts.mapped("amount_untaxed"), [249.90, 99.90])

    def test_drafts_and_deactivated_contracts_are_not_billed(self):
        self._create_contract()
        self._create_contract().action_deactivate()
        self.assertFalse(self._simulate_run(date(2026, 12, 1)).item_count)

    def test_line_that_ends_is_charged_to_its_last_day(self):
        contract = self._create_contract(activation=date(2026, 3, 10))
        contract.contract_line_ids.date_end = date(2026, 4, 24)
        self._bill_month(date(2026, 3, 1))
        self._bill_month(date(2026, 4, 1))
        self._bill_month(date(2026, 5, 1))
        last = contract.charge_ids.sorted("period_start")[-1]
        self.assertEqual((last.kind, last.amount), ("prorata", 49.95))
        self.assertEqual(last.period_end, date(2026, 4, 24))
        self.assertFalse(contract.recurring_next_date)

    def test_weekly_contract_has_one_invoice_for_each_due_date(self):
        plan = self._create_plan(
            "Semanal", {self.internet: 25.00}, recurring_rule_type="weekly"
        )
        contract = self._create_contract(activation=date(2026, 3, 2), plan=plan)
        self._bill_month(date(2026, 3, 1))
        moves = contract._get_related_invoices()
        self.assertEqual(len(moves), 5)
        self.assertEqual(sum(moves.mapped("amount_untaxed")), 125.00)

    def test_filters_choose_the_contracts(self):
        other = self._create_plan("Fibra 300", {self.internet: 79.90})
        self._create_contract(activation=date(2026, 3, 1))
        chosen = self._create_contract(activation=date(2026, 3, 1), plan=other)
        run = self._simulate_run(date(2026, 3, 1), plan_ids=other.ids)
        self.assertEqual(run.item_ids.contract_id, chosen)

    def test_simulation_writes_no_charge(self):
        contract = self._create_contract(activation=date(2026, 3, 1))
        run = self._simulate_run(date(2026, 3, 1))
        self.assertTrue(run.amount)
        self.assertFalse(contract.charge_ids)

    def test_simulation_compares_with_the_last_cycle(self):
        same, dearer, gone, much_dearer = (
            self._create_contract(activation=date(2026, 3, 10)) for _ in range(4)
        )
        self._bill_month(date(2026, 3, 1))
        new = self._create_contract(activation=date(2026, 4, 10))
        free = self._create_contract(activation=date(2026, 4, 10))
        with freeze_time("2026-04-10 12:00:00"):
            dearer.monthly_amount = 109.90
            much_dearer.monthly_amount = 500.00
        free.contract_line_ids.discount = 100
        gone.contract_line_ids.date_end = date(2026, 4, 9)
        run = self._simulate_run(date(2026, 4, 1))
        flags = {item.contract_id: item.flag for item in run.item_ids}
        self.assertEqual(
            flags,
            {
                same: "same",
                dearer: "changed",
                gone: "gone",
                much_dearer: "suspicious",
                new: "new",
                free: "zero",
            },
        )
        self.assertAlmostEqual(run.previous_amount, 4 * 99.90)
        self.assertAlmostEqual(run.difference, run.amount - 4 * 99.90)

    @mute_logger(ITEM_LOGGER)
    def test_a_broken_contract_fails_alone_and_is_retried_alone(self):
        good = self._create_contract(activation=date(2026, 3, 10))
        bad = self._create_contract(
            activation=date(2026, 3, 10), partner=self._create_customer("José")
        )
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        bad.partner_id.active = False
        run.action_start()
        self.assertEqual((run.state, run.done_count, run.failed_count), ("done", 1, 1))
        item = run.item_ids.filtered(lambda item: item.contract_id == bad)
        self.assertIn("archived", item.message)
        self.assertFalse(bad.charge_ids)
        bad.partner_id.active = True
        run.action_retry()
        self.assertEqual((run.done_count, run.failed_count), (2, 0))
        self.assertFalse(item.message)
        for contract in good | bad:
            self.assertEqual(len(contract._get_related_invoices()), 1)

    @mute_logger(ITEM_LOGGER)
    def test_error_in_telling_obstacles_fails_one_contract(self):
        good = self._create_contract(activation=date(2026, 3, 10))
        bad = self._create_contract(activation=date(2026, 3, 10))
        contracts = type(good)
        tell = contracts._get_billing_obstacle

        def break_one(self, countries):
            if self == bad:
                raise ZeroDivisionError("boom")
            return tell(self, countries)

        with patch.object(contracts, "_get_billing_obstacle", break_one):
            run = self._bill_month(date(2026, 3, 1))
        self.assertEqual((run.done_count, run.failed_count), (1, 1))
        self.assertEqual(good.charge_ids.mapped("state"), ["billed"])

    def test_obstacles_are_told_in_words(self):
        contract = self._create_contract(activation=date(2026, 3, 10))
        self.assertFalse(contract._get_billing_obstacles())
        self.internet.property_account_income_id = False
        self.internet.categ_id.property_account_income_categ_id = False
        self.company.income_account_id = False
        self.assertIn("no income account", contract._get_billing_obstacles()[contract])
        contract.contract_line_ids.product_id = False
        self.assertIn("no product", contract._get_billing_obstacles()[contract])

    def test_customer_without_fiscal_position_is_told(self):
        """The company's country has positions that choose themselves by the
        customer's tax number; this customer has none."""
        self.env["account.fiscal.position"].search([]).active = False
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Inside the country",
                "auto_apply": True,
                "vat_required": True,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        contract = self._create_contract(activation=date(2026, 3, 10))
        self.assertIn("fiscal position", contract._get_billing_obstacles()[contract])
        contract.fiscal_position_id = position
        self.assertFalse(contract._get_billing_obstacles())

    @mute_logger(ITEM_LOGGER)
    def test_unexpected_error_fails_one_contract_and_leaves_no_trace(self):
        good = self._create_contract(activation=date(2026, 3, 10))
        bad = self._create_contract(activation=date(2026, 3, 10))
        writer = type(self.env["contract.invoice.writer"])
        write = writer._write

        def break_one(self, bills, invoice_date):
            if any(bill.contract_id == bad for bill in bills):
                raise ZeroDivisionError("boom")
            return write(self, bills, invoice_date)

        with patch.object(writer, "_write", break_one):
            run = self._bill_month(date(2026, 3, 1))
        self.assertEqual((run.done_count, run.failed_count), (1, 1))
        self.assertFalse(bad.charge_ids)
        self.assertFalse(bad.contract_line_ids.last_date_invoiced)
        self.assertLedgerIsInvoiced(good)

    def test_invoice_must_say_what_is_owed(self):
        self._create_contract(activation=date(2026, 3, 10))
        writer = type(self.env["contract.invoice.writer"])
        prepare = writer._prepare_move_line

        def wrong(self, charge, sequence, sign):
            return prepare(self, charge, sequence, sign) | {"price_unit": 1.0}

        with (
            patch.object(writer, "_prepare_move_line", wrong),
            mute_logger(ITEM_LOGGER),
        ):
            run = self._bill_month(date(2026, 3, 1))
        self.assertEqual(run.failed_count, 1)
        self.assertIn("the contract owes", run.item_ids.message)

    def test_cancelled_run_bills_nothing_more(self):
        contract = self._create_contract(activation=date(2026, 3, 10))
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        run.action_cancel()
        with self.assertRaises(UserError):
            run.action_start()
        run._process(run.item_ids.ids)
        self.assertFalse(contract.charge_ids)

    def test_approved_run_keeps_its_selection(self):
        self._create_contract(activation=date(2026, 3, 10))
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        with self.assertRaises(UserError):
            run.date_from = date(2026, 2, 1)

    def test_pressing_twice_is_told(self):
        self._create_contract(activation=date(2026, 3, 10))
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        with self.assertRaisesRegex(UserError, "Reload"):
            run.action_approve()

    def test_due_date_moves_to_a_bank_day_where_the_company_says_so(self):
        """10/05/2026 is a Sunday."""
        self.company.contract_due_date_rule = "weekdays"
        contract = self._create_contract(activation=date(2026, 5, 1))
        self._bill_month(date(2026, 5, 1))
        self.assertEqual(
            contract._get_related_invoices().invoice_date_due, date(2026, 5, 11)
        )

    @mute_logger(ITEM_LOGGER)
    def test_one_broken_contract_leaves_the_others_their_batch(self):
        contracts = [
            self._create_contract(
                activation=date(2026, 3, 10),
                partner=self._create_customer(f"Customer {number}"),
            )
            for number in range(8)
        ]
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        writer = type(self.env["contract.invoice.writer"])
        write, written = writer._write, []

        def note(self, bills, invoice_date):
            if any(bill.contract_id == contracts[5] for bill in bills):
                raise ZeroDivisionError("boom")
            written.append(len(bills))
            return write(self, bills, invoice_date)

        with patch.object(writer, "_write", note):
            run.action_start()
        self.assertEqual((run.done_count, run.failed_count), (7, 1))
        self.assertEqual(written, [4, 1, 2])

    def test_run_whose_contracts_are_gone_closes(self):
        contract = self._create_contract(activation=date(2026, 3, 10))
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        contract.unlink()
        run.action_start()
        self.assertEqual((run.state, run.item_count), ("done", 0))

    def test_queries_do_not_grow_with_the_contracts(self):
        """25 queries per invoice is the ceiling; they are shared by a batch."""
        for number in range(30):
            self._create_contract(
                activation=date(2026, 3, 10),
                partner=self._create_customer(f"Customer {number}"),
            )
        run = self._simulate_run(date(2026, 3, 1))
        run.action_approve()
        before = self.env.cr.sql_log_count
        run.action_start()
        self.env.flush_all()
        self.assertEqual(run.done_count, 30)
        self.assertLess((self.env.cr.sql_log_count - before) / 30, 25)
