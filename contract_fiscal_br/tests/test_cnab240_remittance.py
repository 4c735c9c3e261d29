from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import cnab240_records
from .common_cnab240 import BANKS_240, GOLDEN, Cnab240Case

# Where a file differs from pycobranca's on purpose: record, first and last column.
DIFFERENT = {
    # the invoice's number stands at the left, and whole
    ("P", 63, 77),
    # the nosso número again, so that the bank gives it back twice
    ("P", 196, 220),
}
DIFFERENT_OF_BANK = {
    # no protest and no end of collection left to the bank's profile
    "033": {("P", 221, 221), ("P", 224, 227)},
    # the account's own days, where pycobranca always writes 120
    "104": {("P", 225, 227)},
}


@tagged("post_install", "-at_install")
class TestCnab240Remittance(Cnab240Case):
    def _blank(self, line, bank):
        """Return a line without the columns that differ on purpose."""
        for segment, first, last in DIFFERENT | DIFFERENT_OF_BANK.get(bank, set()):
            if line[13:14] == segment:
                line = line[: first - 1] + "*" * (last - first + 1) + line[last:]
        return line

    def _get_segment(self, remittance, letter):
        lines = [line for line in self._read_lines(remittance) if line[13:14] == letter]
        return lines[-1] if lines else None

    def _change(self, title, kind, **values):
        """Return segment P of a change of a registered title."""
        self._generate(title.account_id)
        title.instruction_ids.state = "confirmed"
        title.state = "registered"
        title._instruct(kind, **values)
        remittance = self._generate(title.account_id)
        self.assertEqual(remittance.state, "generated", title.instruction_ids)
        return self._get_segment(remittance, "P")

    # === LINE BY LINE ===

    def test_files_equal_the_reference_but_for_what_is_named(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                title = self._issue(bank)
                mine = self._read_lines(self._generate(title.account_id))
                reference = self._write_reference(title)
                self.assertEqual(len(mine), len(reference))
                for line, other in zip(mine, reference, strict=True):
                    self.assertEqual(self._blank(line, bank), self._blank(other, bank))

    def test_files_equal_the_golden_ones(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                title = self._issue(bank)
                lines = self._read_lines(self._generate(title.account_id))
                golden = (GOLDEN / f"{bank}_240.rem").read_bytes().decode("ascii")
                self.assertEqual(lines, golden.split("\r\n"))

    def test_every_record_is_240_columns_and_counted(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                title = self._issue(bank)
                *lines, end = self._read_lines(self._generate(title.account_id))
                self.assertEqual(end, "")
                self.assertEqual({len(line) for line in lines}, {240})
                details = [line for line in lines if line[7] == "3"]
                numbers = [int(line[8:13]) for line in details]
                self.assertEqual(numbers, list(range(1, len(details) + 1)))
                self.assertEqual(int(lines[-2][17:23]), len(details) + 2)
                self.assertEqual(int(lines[-1][23:29]), len(lines))

    # === TERMS ===

    def test_title_without_fine_or_interest_says_so(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                title = self._issue(bank)
                title.write({"late_fee_percent": 0, "late_interest_percent": 0})
                remittance = self._generate(title.account_id)
                segment = self._get_segment(remittance, "P")
                none = {"756": "0"}.get(bank, "3")
                self.assertEqual(segment[117:141], none + "0" * 23)
                segment = self._get_segment(remittance, "R")
                if bank == "085":
                    self.assertIsNone(segment)
                else:
                    self.assertEqual(segment[65:89], "0" * 24)

    def test_days_to_protest_go_with_the_title(self):
        title = self._issue("748", protest_days=15)
        segment = self._get_segment(self._generate(title.account_id), "P")
        self.assertEqual(segment[220:223], "115")

    def test_protested_title_is_not_given_back_meanwhile(self):
        title = self._issue("104", protest_days=15)
        segment = self._get_segment(self._generate(title.account_id), "P")
        self.assertEqual((segment[220:223], segment[223:227]), ("115", "2000"))

    # === CHANGES ===

    def test_due_date_is_changed(self):
        """The amount stays: R$ 132,01."""
        for bank in BANKS_240:
            with self.subTest(bank):
                title = self._issue(bank)
                day = date(2026, 4, 20)
                segment = self._change(title, "change_due_date", due_date=day)
                self.assertEqual((segment[15:17], segment[77:85]), ("06", "20042026"))
                self.assertEqual(segment[85:100], "000000000013201")

    def test_discount_is_an_amount_until_a_day(self):
        segment = self._change(
            self._issue("748"), "discount", amount=10.5, date_limit=date(2026, 3, 8)
        )
        self.assertEqual(segment[15:17], "07")
        self.assertEqual(segment[141:165], "108032026" + "000000000001050")
        self.assertEqual(segment[85:100], "000000000013201")

    def test_write_off_and_protest(self):
        codes = {"write_off": "02", "protest": "09"}
        for kind, code in codes.items():
            with self.subTest(kind):
                segment = self._change(self._issue("748"), kind)
                self.assertEqual(segment[15:17], code)

    def test_protest_is_stopped_by_each_banks_code(self):
        codes = {"001": "10", "033": "18", "085": "11", "104": "11", "748": "11"}
        for bank, code in codes.items():
            with self.subTest(bank):
                segment = self._change(self._issue(bank), "cancel_protest")
                self.assertEqual(segment[15:17], code)

    def test_lower_amount_is_a_rebate_where_there_is_no_other_way(self):
        """R$ 132,01 lowered to R$ 100,00 is a rebate of R$ 32,01."""
        title = self._issue("748")
        self.assertEqual(title.amount, 132.01)
        segment = self._change(title, "change_amount", amount=100.0)
        self.assertEqual(segment[15:17], "04")
        self.assertEqual(segment[85:100], "000000000013201")
        self.assertEqual(segment[180:195], "000000000003201")

    def test_new_amount_is_written_where_the_bank_takes_it(self):
        segment = self._change(self._issue("104"), "change_amount", amount=150.0)
        self.assertEqual((segment[15:17], segment[85:100]), ("47", "000000000015000"))
        self.assertEqual(segment[180:195], "0" * 15)

    def test_greater_amount_is_left_out_where_it_is_not_taken(self):
        title = self._issue("748")
        self._generate(title.account_id)
        title.state = "registered"
        change = title._instruct("change_amount", amount=150.0)
        self.assertEqual(self._generate(title.account_id).state, "cancelled")
        self.assertIn("Write it off and issue a new one", change.message)

    def test_what_a_bank_takes_by_hand_only_is_left_out_with_words(self):
        title = self._issue("756")
        self._generate(title.account_id)
        title.state = "registered"
        change = title._instruct("cancel_protest")
        self._generate(title.account_id)
        self.assertEqual(change.state, "pending")
        self.assertIn("internet banking", change.message)

    def test_change_waits_until_the_title_was_sent(self):
        title = self._issue("748")
        change = title._instruct("change_due_date", due_date=date(2026, 4, 20))
        remittance = self._generate(title.account_id)
        self.assertEqual(remittance.change_count, 0)
        self.assertEqual(change.state, "pending")
        self.assertIn("registered", change.message)
        self.assertEqual(self._generate(title.account_id).change_count, 1)

    def test_title_that_is_overdue_waits_for_a_new_date(self):
        """The day is the company's: 01:00 of 03/03 in UTC is 22:00 of 02/03 there."""
        title = self._issue("748")
        title.due_date = date(2026, 3, 1)
        self.assertEqual(self._generate(title.account_id).state, "cancelled")
        self.assertIn("has passed", title.instruction_ids.message)
        title.due_date = date(2026, 3, 2)
        with freeze_time("2026-03-03 01:00:00"):
            remittance = self.env["collection.remittance"]._start(title.account_id)
        self.assertEqual(remittance.state, "generated")

    # === NAMES OF FILES ===

    def test_sicredi_names_files_by_day_and_count(self):
        title = self._issue("748")
        first = self._generate(title.account_id)
        self.assertEqual(first.filename, "00623302.CRM")
        first.action_cancel()
        self.assertEqual(self._generate(title.account_id).filename, "00623302.RM2")

    # === ACCOUNT ===

    def test_bank_without_240_refuses_the_layout(self):
        for bank in ("041", "077", "136", "237", "336", "341", "422"):
            with self.subTest(bank):
                with self.assertRaisesRegex(UserError, "Choose CNAB 400"):
                    self._create_account(bank, layout="cnab240")

    def test_days_beyond_what_the_bank_takes_are_left_out(self):
        title = self._issue("033", write_off_days=120)
        remittance = self._generate(title.account_id)
        self.assertEqual(remittance.state, "cancelled")
        self.assertIn("99 days at most", title.instruction_ids.message)

    def test_title_that_does_not_fit_is_named(self):
        title = self._issue("748")
        title.nosso_numero_full = "9" * 21
        self.assertEqual(self._generate(title.account_id).state, "cancelled")
        self.assertIn("does not fit", title.instruction_ids.message)

    def test_specs_cover_all_columns(self):
        """pycnab240 refuses records with gaps; here each has each column once."""
        for bank in BANKS_240:
            records = cnab240_records.get_records(bank)
            for name, slices in records.slices.items():
                with self.subTest(bank, record=name):
                    columns = [n for s in slices.values() for n in range(240)[s]]
                    self.assertEqual(sorted(columns), list(range(240)))


@tagged("post_install", "-at_install")
class TestSicrediNumber(Cnab240Case):
    def _take(self, day, count=1):
        return self.account._take_nosso_numeros(count, day)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account("748", layout="cnab240")

    def test_number_is_year_byte_and_count(self):
        self.assertEqual(self._take(date(2026, 3, 2), 2), [26200001, 26200002])

    def test_count_begins_anew_each_year(self):
        self._take(date(2026, 12, 31), 3)
        self.assertEqual(self._take(date(2027, 1, 2)), [27200001])

    def test_number_of_the_old_year_is_not_used_again(self):
        """A title of 2026 issued late, once 2027 has begun."""
        title = self._issue("748")
        self.account = title.account_id
        self.assertEqual(title.nosso_numero, "26200001")
        self._take(date(2027, 1, 2))
        self.assertEqual(self._take(date(2026, 3, 2)), [26200002])

    def test_count_given_by_hand_is_gone_on_with(self):
        self.account.next_nosso_numero = 500
        self.assertEqual(self._take(date(2026, 3, 2)), [26200500])
        self.assertEqual(self._take(date(2026, 3, 2)), [26200501])

    def test_year_has_99999_numbers(self):
        self.account.next_nosso_numero = 26299999
        self.assertEqual(self._take(date(2026, 3, 2)), [26299999])
        with self.assertRaisesRegex(UserError, "no nosso número left"):
            self._take(date(2026, 3, 2))
        self.assertEqual(self._take(date(2027, 1, 1)), [27200001])

    def test_barcode_holds_the_whole_number(self):
        """Campo livre: wallet, 1, nosso número with its digit (9), ..."""
        title = self._issue("748")
        self.assertEqual(title.barcode[21:30], "262000016")
        self.assertEqual(title.nosso_numero_full, "26/200001-6")
