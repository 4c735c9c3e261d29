import doctest

from odoo.tests import BaseCase, tagged

from ..const import BANKS, EVENT_KINDS
from ..tools import occurrences
from ..tools.occurrences import FOLDER, describe, describe_reason, get_kind


@tagged("post_install", "-at_install")
class TestOccurrences(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(occurrences).failed, 0)

    def test_every_table_names_a_bank_and_kinds_we_know(self):
        kinds = {kind for kind, _label in EVENT_KINDS}
        banks = {bank for bank, _label in BANKS}
        tables = [path.stem for path in FOLDER.glob("*.csv")]
        tables = [name for name in tables if not name.endswith("_reasons")]
        self.assertTrue(tables)
        for name in tables:
            bank, layout = name.split("_")
            self.assertIn(bank, banks | {"febraban"})
            rows = occurrences._read_rows(f"{name}.csv")
            codes = [row["code"] for row in rows]
            with self.subTest(name):
                self.assertEqual(len(codes), len(set(codes)))
                self.assertFalse({row["kind"] for row in rows} - kinds)
                self.assertTrue(all(row["description"] for row in rows))

    def test_reasons_belong_to_occurrences_of_their_bank(self):
        for path in FOLDER.glob("*_reasons.csv"):
            table = occurrences._read_rows(path.name.replace("_reasons", ""))
            codes = {row["code"] for row in table}
            for row in occurrences._read_rows(path.name):
                with self.subTest(path.name, reason=row["code"]):
                    self.assertFalse(set(row["occurrences"].split()) - codes)
                    self.assertTrue(row["description"])

    def test_registration_and_payment_are_told_by_every_bank(self):
        for path in FOLDER.glob("*_[24]?0.csv"):
            bank, layout = path.stem.split("_")
            with self.subTest(path.stem):
                self.assertEqual(get_kind(bank, layout, "02"), "registered")
                self.assertEqual(get_kind(bank, layout, "06"), "paid")

    def test_what_nobody_describes_is_unknown_not_an_error(self):
        self.assertEqual(get_kind("999", "cnab400", "06"), "unknown")
        self.assertEqual(describe("341", "cnab400", "ZZ"), "")
        self.assertEqual(describe_reason("341", "cnab400", "06", "11"), "")
