from base64 import b64encode
from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..tools.price_index_file import read_index_file

YEAR = "\n".join(f"{month:02}/2025;0,5" for month in range(1, 13))


@tagged("contract_recurring", "post_install", "-at_install")
class TestPriceIndex(TransactionCase):
    """Monthly values of an index, entered or imported, all or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = cls.env["contract.price.index"].create(
            {"name": "Test", "code": "TST"}
        )

    def _import(self, text, encoding="utf-8"):
        """Return the wizard after checking and, if it may, importing a file."""
        wizard = self.env["contract.price.index.import"].create(
            {"index_id": self.index.id, "file": b64encode(text.encode(encoding))}
        )
        wizard.action_check()
        if not wizard.error_count:
            wizard.action_import()
        return wizard

    def test_indexes_come_with_the_addon(self):
        codes = self.env["contract.price.index"].search([]).mapped("code")
        self.assertLessEqual({"IGP-M", "IPCA", "IST"}, set(codes))

    def test_year_accumulates(self):
        """1.005 ** 12 = 1.06167781."""
        wizard = self._import("Mês;Variação\n" + YEAR, encoding="latin-1")
        self.assertEqual((wizard.state, wizard.new_count), ("done", 12))
        last = self.index.value_ids.sorted("month")[-1]
        self.assertTrue(last.is_year_complete)
        self.assertAlmostEqual(last.accumulated_percent, 6.1678, places=4)
        self.assertEqual(self.index.last_month, date(2025, 12, 1))
        others = self.index.value_ids - last
        self.assertFalse(any(others.mapped("is_year_complete")))

    def test_correction_of_a_month_is_followed(self):
        self._import(YEAR)
        self.index.value_ids.sorted("month")[0].percent = 0
        last = self.index.value_ids.sorted("month")[-1]
        # 1.005 ** 11
        self.assertAlmostEqual(last.accumulated_percent, 5.6396, places=4)

    def test_same_file_again_changes_nothing(self):
        self._import(YEAR)
        before = self.index.value_ids.mapped("write_date")
        wizard = self._import(YEAR)
        self.assertEqual((wizard.new_count, wizard.known_count), (0, 12))
        self.assertEqual(self.index.value_ids.mapped("write_date"), before)

    def test_changed_value_is_told_before(self):
        self._import("01/2025;0,5")
        wizard = self._import("2025-01;0.6")
        self.assertEqual(wizard.changed_count, 1)
        self.assertEqual(wizard.line_ids.severity, "warning")
        self.assertIn("0.5", wizard.line_ids.message)
        self.assertEqual(self.index._get_values(), {date(2025, 1, 1): Decimal("0.6")})

    def test_one_bad_line_and_nothing_is_written(self):
        wizard = self._import("01/2025;0,5\n13/2025;0,5\n02/2025;x\n01/2025;1\n;2")
        self.assertEqual(wizard.error_count, 4)
        self.assertEqual(
            [(line.line_number, line.column) for line in wizard.line_ids],
            [(2, "mês"), (3, "percentual"), (4, "mês"), (5, "mês")],
        )
        wizard.action_import()
        self.assertFalse(self.index.value_ids)

    def test_month_to_come_is_refused(self):
        wizard = self._import("01/2099;0,5")
        self.assertIn("01/2099", wizard.line_ids.message)

    def test_files_that_are_none(self):
        for content, code in (
            (b"", "empty_file"),
            (b"PK\x03\x04...", "not_csv"),
            (b"mes;valor", "no_values"),
            (b'"01/2025;0', "bad_quotes"),
        ):
            with self.subTest(code):
                self.assertEqual(read_index_file(content).problems[0].code, code)

    def test_every_message_is_known(self):
        for text in ("01/2025", "01/2025;1;2", "x;1", "01/2025;1.234.5"):
            self.assertTrue(self._import(text).line_ids[0].message)

    def test_missing_month_is_named(self):
        self._import(YEAR)
        factor, months = self.index._get_factor(date(2026, 1, 1))
        self.assertEqual((str(factor), len(months)), ("1.06167781", 12))
        with self.assertRaisesRegex(UserError, "TST has no value for 01/2026"):
            self.index._get_factor(date(2026, 2, 1))

    def test_month_is_kept_as_its_first_day(self):
        value = self.env["contract.price.index.value"].create(
            {"index_id": self.index.id, "month": "2025-03-17", "percent": 0.4}
        )
        self.assertEqual(value.month, date(2025, 3, 1))
