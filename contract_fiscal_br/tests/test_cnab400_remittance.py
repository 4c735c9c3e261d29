import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.cnab400_remittance import ADAPTERS, adapter
from .common import CollectionCase
from .common_cnab400 import GOLDEN, PAYER, Cnab400Case, get

# Where each bank's manual puts the nosso número with its digit, and what it is.
NUMBERS = {
    "001": (64, 80, "12345670000000001"),
    "033": (63, 70, "00000019"),
    "041": (63, 72, "0000000183"),
    "077": (90, 100, "00000000014"),
    "136": (193, 203, "00000000019"),
    "237": (71, 82, "000000000011"),
    "336": (63, 74, "000000000016"),
    "341": (63, 70, "00000001"),
    "422": (63, 71, "000000019"),
    "756": (63, 74, "000000000017"),
}
# Interest of 1 % a month on 100.00 is 0.03 a day; a fine of 2 %.
LATE = {
    # columns, text: interest, then fine
    "001": ((161, 173, "0000000000003"), None),
    "033": ((161, 173, "0000000000003"), (78, 82, "40200")),
    "041": ((161, 173, "0000000000003"), (322, 324, "020")),
    "077": ((174, 183, "0100110326"), (80, 89, "0200110326")),
    "136": ((161, 173, "0000000000100"), (94, 104, "20000000200")),
    "237": ((161, 173, "0000000000003"), (66, 70, "20200")),
    "336": ((161, 173, "0000000000003"), (382, 384, "202")),
    "341": ((161, 173, "0000000000003"), None),
    "422": ((161, 173, "0000000000003"), (206, 218, "1103260200000")),
    "756": ((161, 166, "010000"), (167, 172, "020000")),
}
# The record of the fine at banks that have one apart, after the title's.
FINES = {"001": "5992110326000000000200", "341": "22110320260000000000200"}


@tagged("post_install", "-at_install")
class TestCnab400Remittance(Cnab400Case):
    """Every bank's remittance says the same, in the columns of its own manual."""

    def _write_all(self, bank):
        kinds = ADAPTERS[bank].codes
        return self._write(bank, *(self._get_order(bank, kind) for kind in kinds))

    def test_examples(self):
        self.assertEqual(doctest.testmod(adapter).failed, 0)

    def test_golden_files(self):
        """Each file was checked by hand, column by column: see README.md there."""
        for bank in ADAPTERS:
            with self.subTest(bank):
                path = GOLDEN / f"{bank}_400.rem"
                found = "".join(f"{line}\r\n" for line in self._write_all(bank))
                self.assertEqual(found, path.read_bytes().decode("ascii"))

    def test_titles_are_composed_a_few_at_a_time(self):
        """The trailer counts and adds up all titles, not those of the last few."""
        for bank in ADAPTERS:
            with self.subTest(bank):
                whole = self._write_all(bank)
                with patch.object(adapter, "CHUNK", 2):
                    self.assertEqual(self._write_all(bank), whole)

    def test_records_are_numbered(self):
        for bank in ADAPTERS:
            with self.subTest(bank):
                lines = self._write_all(bank)
                numbers = [int(get(line, 395, 400)) for line in lines]
                self.assertEqual(numbers, list(range(1, len(lines) + 1)))
                self.assertEqual((lines[0][:9], lines[-1][0]), ("01REMESSA", "9"))

    def test_file_has_the_day_it_was_asked_for(self):
        for bank in ADAPTERS:
            with self.subTest(bank):
                header = self._write(bank, self._get_order(bank))[0]
                self.assertEqual(get(header, 95, 100), "020326")
                self.assertEqual(get(header, 77, 79), bank)

    def test_number_stands_where_the_bank_looks(self):
        for bank, (first, last, text) in NUMBERS.items():
            with self.subTest(bank):
                title = self._write(bank, self._get_order(bank))[1]
                self.assertEqual(get(title, first, last), text)

    def test_title_has_amount_due_date_and_document(self):
        for bank in ADAPTERS:
            with self.subTest(bank):
                title = self._write(bank, self._get_order(bank))[1]
                self.assertEqual(get(title, 109, 110), "01")
                self.assertEqual(get(title, 111, 120), "V202600001")
                self.assertEqual(get(title, 121, 126), "100326")
                self.assertEqual(get(title, 127, 139), "0000000010000")
                self.assertIn("00052998224725ANA DE SOUZA", title)

    def test_late_terms(self):
        for bank, (interest, fine) in LATE.items():
            with self.subTest(bank):
                lines = self._write(bank, self._get_order(bank))
                for first, last, text in filter(None, (interest, fine)):
                    self.assertEqual(get(lines[1], first, last), text)
                companion = FINES.get(bank)
                self.assertEqual(len(lines), 4 if companion else 3)
                if companion:
                    self.assertEqual(lines[2][:394].rstrip(), companion)

    def test_no_late_terms(self):
        """A title without fine and interest says so in the bank's own codes."""
        zero = {"fine_percent": Decimal(0), "interest_percent": Decimal(0)}
        for bank in ADAPTERS:
            with self.subTest(bank):
                lines = self._write(bank, self._get_order(bank, **zero))
                self.assertEqual(len(lines), 3)
                if bank == "136":
                    self.assertEqual(get(lines[1], 94, 105), "300000000005")
                elif bank == "077":
                    self.assertEqual(get(lines[1], 66, 66) + lines[1][159], "00")

    def test_codes_of_the_other_instructions(self):
        """The codes all manuals share; protest is stopped by the bank's own."""
        for bank, bank_adapter in ADAPTERS.items():
            lines = self._write_all(bank)
            found = {get(line, 109, 110) for line in lines if line[0] in "17"}
            with self.subTest(bank):
                self.assertEqual(found, set(bank_adapter.codes.values()))
                if bank != "077":
                    self.assertLessEqual({"01", "02", "06", "09"}, found)

    def test_new_due_date(self):
        for bank in set(ADAPTERS) - {"077"}:
            with self.subTest(bank):
                order = self._get_order(bank, "change_due_date")
                self.assertEqual(get(self._write(bank, order)[1], 121, 126), "100426")

    def test_lower_amount_is_a_rebate(self):
        """100.00 becomes 80.00 by a rebate of 20.00; Safra changes the amount."""
        for bank in set(ADAPTERS) - {"077"}:
            order = self._get_order(bank, "change_amount")
            title = self._write(bank, order)[1]
            with self.subTest(bank):
                if bank == "422":
                    self.assertEqual(get(title, 127, 139), "0000000008000")
                else:
                    self.assertEqual(get(title, 127, 139), "0000000010000")
                    self.assertEqual(get(title, 206, 218), "0000000002000")

    def test_discount(self):
        for bank, bank_adapter in ADAPTERS.items():
            if "discount" not in bank_adapter.codes:
                continue
            with self.subTest(bank):
                title = self._write(bank, self._get_order(bank, "discount"))[1]
                self.assertEqual(get(title, 174, 179), "050326")
                self.assertEqual(get(title, 180, 192), "0000000000500")

    def test_protest_days(self):
        places = {
            "001": (157, 158, "05"),
            "033": (157, 158, "06"),
            "041": (157, 158, "09"),
            "136": (158, 160, "105"),
            "237": (157, 160, "0605"),
            "336": (392, 393, "05"),
            "341": (157, 158, "34"),
            "756": (157, 158, "05"),
        }
        for bank, (first, last, text) in places.items():
            with self.subTest(bank):
                title = self._write(bank, self._get_order(bank, protest_days=5))[1]
                self.assertEqual(get(title, first, last), text)

    def test_what_a_bank_does_not_take(self):
        for bank, key, values in (
            ("077", "kind", {"kind": "write_off"}),
            ("077", "protest_days", {"protest_days": 5}),
            ("033", "kind", {"kind": "discount"}),
            ("033", "number", {"nosso_numero": "12345678"}),
            ("756", "protest_days", {"protest_days": 7}),
            ("336", "fine_whole", {"fine_percent": Decimal("1.50")}),
            ("041", "fine_tenths", {"fine_percent": Decimal("1.25")}),
            (
                "341",
                "raise",
                {"kind": "change_amount", "new_amount": Decimal("120.00")},
            ),
        ):
            with self.subTest(bank, key=key):
                kind = values.pop("kind", "register")
                order = self._get_order(bank, kind, **values)
                self.assertEqual(ADAPTERS[bank].find_problem(order), key)

    def test_safra_raises_an_amount(self):
        order = self._get_order("422", "change_amount", new_amount=Decimal("120.00"))
        self.assertEqual(ADAPTERS["422"].find_problem(order), "")
        title = self._write("422", order)[1]
        self.assertEqual(get(title, 127, 139), "0000000012000")

    def test_new_cnpj_keeps_its_letters(self):
        payer = replace(PAYER, document="12ABC34501DE35")
        for bank in ADAPTERS:
            with self.subTest(bank):
                title = self._write(bank, self._get_order(bank, payer=payer))[1]
                self.assertIn("0212ABC34501DE35ANA", title)

    def test_totals_of_the_trailer(self):
        orders = [self._get_order("033"), self._get_order("033")]
        trailer = self._write("033", *orders)[-1]
        self.assertEqual(get(trailer, 2, 20), "0000040000000020000")
        orders = [self._get_order("422"), self._get_order("422")]
        trailer = self._write("422", *orders)[-1]
        self.assertEqual(get(trailer, 369, 391), "00000002000000000020000")


@tagged("post_install", "-at_install")
class TestCnab400Driver(CollectionCase):
    """From titles to a file, and what is refused before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._bill_contract(date(2026, 3, 1))
        cls.title = cls.move.collection_title_ids
        cls.instruction = cls.title.instruction_ids

    def _get_obstacle(self, instruction):
        driver = self.account._get_driver()
        return driver._get_instruction_obstacle(instruction, date(2026, 3, 1))

    def test_remittance_of_a_title(self):
        data = self.account._get_driver()._write_remittance(
            self.account, self.instruction, 7, date(2026, 3, 2)
        )
        header, title, fine, trailer = data.decode("ascii").split("\r\n")[:-1]
        self.assertEqual(get(header, 27, 38), "005700123457")
        self.assertEqual(get(header, 95, 100), "020326")
        cents = int(round(self.title.amount * 100))
        self.assertEqual(get(title, 127, 139), f"{cents:013}")
        self.assertEqual(get(title, 63, 70), self.title.nosso_numero.zfill(8))
        self.assertEqual(fine[:2], "22")
        self.assertEqual(trailer[0], "9")

    def test_past_due_date_waits_for_a_new_one(self):
        self.assertEqual(self._get_obstacle(self.instruction), "")
        self.title.due_date = date(2026, 2, 28)
        self.assertIn("has passed", self._get_obstacle(self.instruction))

    def test_raised_amount_waits(self):
        asked = self.title._instruct("change_amount", amount=self.title.amount + 1)
        self.assertIn("only lowers", self._get_obstacle(asked))
        asked.amount = self.title.amount - 1
        self.assertEqual(self._get_obstacle(asked), "")

    def test_account_without_what_the_files_need_is_refused(self):
        for bank, values, words in (
            ("033", {"file_code": False}, "Transmission Code"),
            ("033", {"file_code": "123"}, "20 digits"),
            ("237", {"agreement": False}, "Agreement"),
            ("001", {"agreement": "123456"}, "7 digits"),
            ("336", {"wallet": "10"}, "numbers the titles itself"),
            ("077", {"account_digit": False}, "Account Digit"),
        ):
            with self.subTest(bank, **values), self.assertRaisesRegex(UserError, words):
                self._create_account(bank, layout="cnab400", **values)

    def test_inter_names_its_files(self):
        account = self._create_account("077", layout="cnab400")
        name = account._get_driver()._get_remittance_filename(
            account, 7, date(2026, 3, 2)
        )
        self.assertEqual(name, "CI400_001_0000007.REM")

    def test_santander_numbers_have_seven_digits(self):
        account = self._create_account("033", layout="cnab400")
        account.next_nosso_numero = 10**7
        with self.assertRaisesRegex(UserError, "no nosso número left"):
            account._take_nosso_numeros(1)
