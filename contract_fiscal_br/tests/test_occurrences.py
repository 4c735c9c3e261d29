import doctest

from odoo.tests import BaseCase, TransactionCase, tagged

from ..const import BANKS, EVENT_KINDS
from ..tools import occurrences
from ..tools.occurrences import FOLDER, describe, describe_reason, get_kind
from .common import ACCOUNTS


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


@tagged("post_install", "-at_install")
class TestReasons(TransactionCase):
    """Why a bank refused, as the list of what it told shows it."""

    def _tell(self, bank, occurrence, reasons):
        account = self.env["collection.account"].create(
            {
                "name": bank,
                "bank": bank,
                "layout": "cnab400",
                "journal_id": self.env["account.journal"]
                .create({"name": bank, "code": bank, "type": "bank"})
                .id,
                **ACCOUNTS[bank],
            }
        )
        values = {"occurrence": occurrence, "reasons": reasons}
        event = self.env["collection.event"].new({"account_id": account.id, **values})
        return event.occurrence_text

    def test_codes_of_safra_have_words(self):
        self.assertEqual(
            self._tell("422", "03", "012 055"),
            "Entrada rejeitada: CEP de cidade inexistente, "
            "Endereço do pagador não preenchido",
        )

    def test_text_of_inter_stays_a_sentence(self):
        """Inter writes words in 241 to 380, not codes."""
        self.assertEqual(
            self._tell("077", "03", "CEP do pagador invalido"),
            "Erro: CEP do pagador invalido",
        )

    def test_code_nobody_explains_stays_a_code(self):
        """The manual of Sicoob's 400 columns has no table of 81-82."""
        self.assertEqual(self._tell("756", "03", "12"), "Entrada rejeitada: 12")
        self.assertEqual(
            self._tell("422", "03", "012 999"),
            "Entrada rejeitada: CEP de cidade inexistente, 999",
        )
