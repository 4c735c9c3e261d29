import doctest
from datetime import date
from io import BytesIO

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..tools import xlsx_table
from .common import ContractCase
from .service_common import ServiceCase


class ReceivableCase(ServiceCase):
    """A contract of R$ 100.00, due on 10/03/2026 (a Tuesday), seen on the 20th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round_plan = cls._create_plan("Fibra 100", {cls.internet: 100.00})
        cls.contract = cls._create_contract(
            activation=date(2026, 3, 10), plan=cls.round_plan
        )
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id

    def setUp(self):
        super().setUp()
        self._go_to("2026-03-20")

    def _go_to(self, day):
        self.enterContext(freeze_time(f"{day} 15:00:00"))
        self.env["contract.receivable"].invalidate_model()

    def _receivables(self, contracts=None):
        contracts = contracts or self.contract
        return self.env["contract.receivable"].search(
            [("contract_id", "in", contracts.ids)], order="contract_id"
        )

    def _add_contracts(self, number):
        """Return contracts billed like the first one, each by its own invoice."""
        contracts = self.env["contract.contract"]
        for index in range(number):
            contracts |= self._create_contract(
                activation=date(2026, 3, 10),
                plan=self.round_plan,
                partner=self._create_customer(f"Cliente {index}"),
            )
        self._bill_month(date(2026, 3, 1))
        return contracts


@tagged("contract_recurring", "post_install", "-at_install")
class TestReceivable(ReceivableCase):
    """What is open by contract and by age (S003-07), and who may see it."""

    def test_workbook_examples(self):
        failed, tried = doctest.testmod(xlsx_table)
        self.assertTrue(tried)
        self.assertFalse(failed)

    # === WHAT IS OPEN ===

    def test_an_invoice_ages_by_the_days_since_it_was_due(self):
        for day, days, age in (
            ("2026-03-10", 0, "open"),
            ("2026-03-11", 1, "to_15"),
            ("2026-03-25", 15, "to_15"),
            ("2026-03-26", 16, "to_30"),
            ("2026-04-09", 30, "to_30"),
            ("2026-04-10", 31, "to_60"),
            ("2026-05-09", 60, "to_60"),
            ("2026-05-10", 61, "to_90"),
            ("2026-06-08", 90, "to_90"),
            ("2026-06-09", 91, "over_90"),
        ):
            with self.subTest(day=day):
                self._go_to(day)
                row = self._receivables()
                self.assertEqual((row.days_overdue, row.age), (days, age))

    def test_due_on_a_saturday_is_not_overdue_before_tuesday(self):
        """14/03/2026 is a Saturday: Monday the 16th is in time, and on Tuesday
        three days have gone by since the date on the invoice."""
        self.move.invoice_date_due = date(2026, 3, 14)
        self._go_to("2026-03-16")
        self.assertEqual(self._receivables().age, "open")
        self._go_to("2026-03-17")
        self.assertEqual(self._receivables().days_overdue, 3)

    def test_the_day_is_that_of_sao_paulo(self):
        """02:00 UTC on the 11th is 23:00 of the 10th, the day it is due."""
        self.enterContext(freeze_time("2026-03-11 02:00:00"))
        self.assertEqual(self._receivables().age, "open")

    def test_what_was_paid_is_open_no_more(self):
        in_time = self.move.invoice_date_due
        self._pay(self.move, amount=40.0, group_payment=False, payment_date=in_time)
        row = self._receivables()
        self.assertEqual((row.amount, row.open_amount), (100.0, 60.0))
        self._pay(self.move, payment_date=in_time)
        self.assertFalse(self._receivables())

    def test_parts_of_a_unified_invoice_add_up(self):
        """R$ 100.00 for three contracts of the same price: 33.33, 33.34, 33.33."""
        contracts = self.contract | self._add_contracts(2)
        self.env.cr.execute(
            "UPDATE contract_charge SET move_id = %s WHERE contract_id = ANY(%s)",
            [self.move.id, contracts.ids],
        )
        self.env.invalidate_all()
        rows = self._receivables(contracts)
        self.assertEqual(rows.mapped("open_amount"), [33.33, 33.34, 33.33])

    def test_overdue_invoices_are_counted_and_searched(self):
        self._bill_month(date(2026, 4, 1))
        self._go_to("2026-04-13")
        contracts = self.env["contract.contract"]
        clear = self._create_contract(activation=date(2026, 4, 10))
        self.assertEqual(self.contract.overdue_invoice_count, 2)
        for operator, value, found in (
            (">=", 2, self.contract),
            (">", 2, contracts),
            ("=", 0, clear),
            ("<", 1, clear),
        ):
            both = [("id", "in", (self.contract | clear).ids)]
            domain = [("overdue_invoice_count", operator, value), *both]
            self.assertEqual(contracts.search(domain), found, (operator, value))

    # === ON PAPER AND AS A FILE ===

    def _read_workbook(self, user=None, ids=None):
        file = BytesIO()
        rows = self.env["contract.receivable"].with_user(user or self.env.user)
        rows._write_xlsx(file, ids)
        return load_workbook(file)

    def test_workbook_lists_invoices_and_adds_up_ages(self):
        ours = self._receivables()
        book = self._read_workbook(ids=ours.ids)
        invoices, customers, contracts, _companies = book.worksheets
        row = [cell.value for cell in invoices[2]]
        self.assertEqual(row[0], "Maria da Silva")
        self.assertEqual(row[5], self.move.name)
        self.assertEqual(row[7], 10)
        self.assertEqual(row[-2:], [100, 100])
        self.assertEqual(
            [cell.value for cell in customers[2]],
            ["Maria da Silva", 0, 100, 0, 0, 0, 0, 100],
        )
        self.assertEqual(contracts.max_row, 2)

    def test_print_gives_the_rows_and_their_total(self):
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "contract_recurring.list_receivable", self._receivables().ids
        )
        text = html.decode()
        self.assertIn("Maria da Silva", text)
        self.assertIn(self.move.name, text)
        self.assertEqual(text.count("100.00"), 4)  # amount, open, and both totals

    def test_every_list_prints(self):
        self.env["contract.notice"]._prepare_notices(
            [
                {
                    "contract_id": self.contract.id,
                    "move_ids": self.move.ids,
                    "kind": "notice",
                    "channel": "email",
                    "key": "receivable/1",
                }
            ]
        )
        for name, records in (
            ("list_contract", self.contract),
            ("list_charge", self.contract.charge_ids),
            ("list_notice", self.env["contract.notice"].search([])),
        ):
            report = self.env["ir.actions.report"]
            html, _kind = report._render_qweb_html(
                f"contract_recurring.{name}", records.ids
            )
            self.assertIn("Maria da Silva", html.decode(), name)

    def test_too_many_rows_are_refused_with_the_way_out(self):
        listing = self.env["report.contract_recurring.list_contract"]
        with self.assertRaisesRegex(UserError, "XLSX"):
            listing._get_report_values(list(range(1, 5002)))

    # === WHO MAY ===

    def test_another_company_sees_none_of_it(self):
        other = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("stranger_r", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        rows = self.env["contract.receivable"].with_user(stranger)
        self.assertFalse(rows.search([]))
        with self.assertRaises(AccessError):
            rows.browse(self._receivables().ids).read(["open_amount"])
        book = self._read_workbook(stranger, self._receivables().ids)
        self.assertEqual([page.max_row for page in book.worksheets], [1, 1, 1, 1])

    def test_an_employee_without_a_group_sees_none_of_it(self):
        nobody = new_test_user(self.env, "nobody_r", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._read_workbook(nobody)
        with self.assertRaises(AccessError):
            self.env["contract.receivable"].with_user(nobody).search([])


@tagged("contract_recurring", "post_install", "-at_install")
class TestReceivableFile(ContractCase, HttpCase):
    """The file as the browser gets it."""

    URL = "/contract_recurring/receivables.xlsx"

    def test_download_and_refusals(self):
        self._create_user("reader_f", "group_contract_reader")
        contract = self._create_contract(activation=date(2026, 3, 10))
        self._bill_month(date(2026, 3, 1))
        self.authenticate("reader_f", "reader_f")
        response = self.url_open(self.URL)
        self.assertEqual(response.status_code, 200)
        invoices = load_workbook(BytesIO(response.content)).worksheets[0]
        numbers = [row[2].value for row in invoices.iter_rows(min_row=2)]
        self.assertIn(contract.code, numbers)
        self.assertEqual(self.url_open(f"{self.URL}?ids=x").status_code, 400)

    def test_without_a_group_there_is_no_file(self):
        new_test_user(self.env, "nobody_f", groups="base.group_user")
        self.authenticate("nobody_f", "nobody_f")
        self.assertEqual(self.url_open(self.URL).status_code, 403)
