from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import cnab240_reader
from ..tools.cnab_error import CnabError
from .cnab240_builder import NUMBERS, build
from .common import CollectionCase
from .common_cnab240 import BANKS_240, GOLDEN

# What moves money: an accepted file must not change it.
MONEY = ("nosso_numero", "kind", "paid", "net", "fee", "amount", "occurred_on")


# Files on disk, made of Sicredi's golden one, and the words that refuse each.
DAMAGED = {
    "amount_not_numeric.ret": "Line 6.*1,0.*amount paid.*not a number",
    "check_digit.ret": "Line 5.*check digit of nosso número “262000025”",
    "day_that_is_none.ret": "Line 6.*31022026.*date of the occurrence.*not a date",
    "document.pdf": "This is a PDF",
    "empty.ret": "The file is empty",
    "line_doubled.ret": "Line 6.*number 3 where 4 should follow",
    "line_lost.ret": "Line 6.*number 5 where 4 should follow",
    "line_too_long.ret": "Line 4.*241 characters, not 240",
    "lines_swapped.ret": "Line 5.*number 5 where 3 should follow",
    "lot_trailer_wrong.ret": "Line 13.*the trailer counts 99, but the file has 12",
    "orphan_t.ret": "Line 3.*a segment T has lost its other half",
    "orphan_u.ret": "Line 6.*a segment U has lost its other half",
    "other_account.ret": "account 624, not of 00623",
    "other_bank.ret": "756 Sicoob.*748 Sicredi",
    "other_branch.ret": "branch 166, the account has 0165",
    "remittance.ret": "This is a remittance",
    "settlement_cut.ret": "Line 6.*not a number",
    "table.csv": "240 or 400",
    "trailer_lost.ret": "Line 13.*trailer.*is missing",
    "trailer_wrong.ret": "Line 14.*the trailer counts 99, but the file has 14",
    "utf16.ret": "UTF-16",
    "utf8.ret": "UTF-8",
    "utf8_bom.ret": "UTF-8",
}


def build_golden(bank):
    """Return a builder with a registration, two payments, a refusal and a fee.

    Number 2 pays R$ 132.01 three days late: 2 % fine and 3/30 of 1 %, R$ 2.64 and
    R$ 0.13, are R$ 2.77. Number 3 pays R$ 120.00 after a discount of R$ 12.01.
    """
    first, second, third = NUMBERS[bank]
    builder = build(bank)
    builder.add("02", first, document_number="CTR202600001", fee="1.50")
    builder.add(
        "06",
        second,
        paid="134.78",
        interest="2.77",
        net="132.28",
        fee="2.50",
        credit_date="13032026",
        reasons="04",
        company_use={"748": "NN26200002"}.get(bank, "NN2"),
    )
    builder.add(
        "06",
        third,
        paid="120.00",
        discount="12.01",
        net="120.00",
        credit_date="12032026",
    )
    builder.add("03", first, reasons="4648")
    builder.add("28", first, fee="3.20")
    return builder


@tagged("post_install", "-at_install")
class TestCnab240Return(CollectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = {
            bank: cls._create_account(bank, layout="cnab240") for bank in BANKS_240
        }

    def _read(self, bank, data):
        account = self.accounts[bank]
        return account._get_driver()._read_return(account, data)

    def _assert_refused(self, bank, data, words):
        with self.assertRaisesRegex(UserError, words):
            self._read(bank, data)

    def _split(self, bank="748"):
        return build_golden(bank).build().split(b"\r\n")[:-1]

    def _join(self, lines):
        return b"\r\n".join(lines) + b"\r\n"

    def _count(self, bank, number):
        """Return the number as the account counts it."""
        return f"2620000{number}" if bank == "748" else str(number)

    # === WHAT IS READ ===

    def test_golden_files_are_those_the_builder_writes(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                golden = (GOLDEN / f"{bank}_240.ret").read_bytes()
                self.assertEqual(golden, build_golden(bank).build())

    def test_facts_of_the_file(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                found = self._read(bank, (GOLDEN / f"{bank}_240.ret").read_bytes())
                self.assertEqual(found.bank, bank)
                self.assertEqual(found.file_number, 7)
                self.assertEqual(found.created_on, date(2026, 3, 12))
                self.assertEqual((found.lines, len(found.events)), (14, 5))

    def test_events_of_every_bank(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                found = self._read(bank, (GOLDEN / f"{bank}_240.ret").read_bytes())
                new, late, early, refused, fee = found.events
                kinds = [event.kind for event in found.events]
                self.assertEqual(
                    kinds, ["registered", "paid", "paid", "rejected", "fee"]
                )
                numbers = [event.nosso_numero for event in found.events]
                self.assertEqual(
                    numbers, [self._count(bank, number) for number in (1, 2, 3, 1, 1)]
                )
                self.assertEqual(new.document_number[:11], "CTR20260000")
                self.assertEqual(new.fee, Decimal("1.50"))
                self.assertEqual(late.paid, Decimal("134.78"))
                self.assertEqual(late.interest, Decimal("2.77"))
                self.assertEqual(late.net, late.paid - late.fee)
                self.assertEqual(late.amount, Decimal("132.01"))
                self.assertEqual(late.occurred_on, date(2026, 3, 11))
                self.assertEqual(late.credit_date, date(2026, 3, 13))
                self.assertEqual(late.reasons, ("04",))
                self.assertEqual(early.discount, Decimal("12.01"))
                self.assertEqual(early.paid, Decimal("120.00"))
                self.assertEqual(refused.reasons, ("46", "48"))
                self.assertEqual((fee.fee, fee.paid), (Decimal("3.20"), 0))

    def test_unknown_code_is_read_and_moves_nothing(self):
        data = build("748").add("99", NUMBERS["748"][0], paid="132.01").build()
        (event,) = self._read("748", data).events
        self.assertEqual((event.kind, event.paid), ("unknown", 0))

    def test_other_segments_belong_to_their_title(self):
        builder = build("748").add(
            "06", NUMBERS["748"][0], paid="132.01", credit_date="13032026"
        )
        builder.add_line("Y")
        builder.add("06", NUMBERS["748"][1], paid="132.01", credit_date="13032026")
        found = self._read("748", builder.build())
        self.assertEqual(
            [event.nosso_numero for event in found.events], ["26200001", "26200002"]
        )

    def test_lines_without_their_blanks_at_the_end(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                data = build_golden(bank).build()
                cut = self._join([line.rstrip() for line in self._split(bank)])
                self.assertEqual(self._read(bank, cut), self._read(bank, data))

    def test_line_ends_of_other_systems_and_end_of_file_mark(self):
        data = build_golden("748").build()
        expected = self._read("748", data)
        self.assertEqual(self._read("748", data.replace(b"\r\n", b"\n")), expected)
        self.assertEqual(self._read("748", data + b"\x1a"), expected)
        self.assertEqual(self._read("748", data.rstrip()), expected)

    def test_control_bytes_in_a_name_are_part_of_it(self):
        lines = self._split()
        for byte in (b"\x85", b"\x1c", b"\x0c"):
            lines[2] = lines[2][:150] + byte + lines[2][151:]
            self.assertEqual(len(self._read("748", self._join(lines)).events), 5)

    def test_lots_counted_without_header_and_trailer(self):
        """Santander counts the details alone, and ends with the number of its lot."""
        lines = [line.replace(b"0330001", b"0330824") for line in self._split("033")]
        lines[-2] = lines[-2][:17] + b"000010" + lines[-2][23:]
        lines[-1] = b"03308249" + lines[-1][8:]
        self.assertEqual(len(self._read("033", self._join(lines)).events), 5)

    # === WHAT IS REFUSED ===

    def test_damaged_files_on_disk(self):
        folder = GOLDEN / "damaged"
        self.assertEqual(sorted(DAMAGED), sorted(p.name for p in folder.iterdir()))
        for name, words in DAMAGED.items():
            with self.subTest(name):
                self._assert_refused("748", (folder / name).read_bytes(), words)

    def test_remittance_is_not_a_return(self):
        for bank in BANKS_240:
            with self.subTest(bank):
                data = (GOLDEN / f"{bank}_240.rem").read_bytes()
                self._assert_refused(bank, data, "This is a remittance")

    def test_lot_of_another_kind_is_no_return(self):
        """Kind of operation in column 9, service in 10 and 11: T01 for collection."""
        for kind in (b"C01", b"T03"):
            first, lot, *rest = build_golden("748").build().split(b"\r\n")
            data = b"\r\n".join([first, lot[:8] + kind + lot[11:], *rest])
            with self.subTest(kind):
                self._assert_refused("748", data, "not a return")

    def test_line_of_another_lot(self):
        first, lot, detail, *rest = build_golden("748").build().split(b"\r\n")
        data = b"\r\n".join([first, lot, detail[:3] + b"0002" + detail[7:], *rest])
        self._assert_refused("748", data, "Line 3.*0002")

    def test_other_kinds_of_file(self):
        data = build_golden("748").build()
        text = data.decode("latin-1").replace("CTR", "Ç R")
        for other, words in (
            (b"%PDF-1.4\n" + data, "PDF"),
            (text.encode("utf-16"), "UTF-16"),
            (text.encode("utf-8"), "UTF-8"),
            (b"\xef\xbb\xbf" + data, "UTF-8"),
            (b"", "empty"),
            (b"A;B;C\r\n1;2;3\r\n", "240 or 400"),
            (data.replace(b"748", b"999"), "not a return|bank 999"),
        ):
            with self.subTest(words):
                self._assert_refused("748", other, words)

    def test_other_bank_is_named_with_ours(self):
        self._assert_refused(
            "748", build_golden("756").build(), "756 Sicoob.*748 Sicredi"
        )

    def test_other_agreement_and_account_are_named_with_ours(self):
        data = build_golden("104").build()
        other = data.replace(b"123456" + b"0" * 8, b"654321" + b"0" * 8)
        self._assert_refused("104", other, "654321.*123456")
        data = build_golden("748").build()
        other = data.replace(b"000000000623", b"000000000624")
        self._assert_refused("748", other, "624.*00623")
        other = data.replace(b"00165 ", b"00166 ")
        self._assert_refused("748", other, "166.*0165")

    def test_titles_of_another_agreement(self):
        data = build_golden("001").build()
        other = data.replace(b"12345670000000002", b"76543210000000002")
        self._assert_refused("001", other, "Line 5.*7654321.*1234567")
        data = build_golden("085").build()
        other = data.replace(b"00123455000000002", b"00999995000000002")
        self._assert_refused("085", other, "Line 5.*00999995")

    def test_wrong_check_digit(self):
        for bank in ("033", "104", "748", "756"):
            with self.subTest(bank):
                second = NUMBERS[bank][1].encode()
                wrong = second[:-1] + (b"1" if second[-1:] != b"1" else b"2")
                data = build_golden(bank).build().replace(second, wrong)
                self._assert_refused(bank, data, "Line 5.*check digit")

    def test_number_that_differs_from_what_we_sent(self):
        """Banco do Brasil and Ailos have no check digit; what we sent comes back."""
        for bank in ("001", "085"):
            with self.subTest(bank):
                second, third = (n.encode() for n in NUMBERS[bank][1:])
                lines = self._split(bank)
                lines[4] = lines[4].replace(second, third)
                self._assert_refused(bank, self._join(lines), "Line 5.*NN2")

    def test_line_of_another_length(self):
        lines = self._split()
        lines[3] += b"1"
        self._assert_refused("748", self._join(lines), "Line 4.*241 characters")

    def test_missing_line(self):
        for place in range(1, 14):
            with self.subTest(line=place + 1):
                lines = self._split()
                del lines[place]
                self._assert_refused("748", self._join(lines), "")

    def test_doubled_line(self):
        for place in range(14):
            with self.subTest(line=place + 1):
                lines = self._split()
                lines.insert(place, lines[place])
                self._assert_refused("748", self._join(lines), "")

    def test_orphans(self):
        for segment, other in ((b"T", b"Y"), (b"U", b"Y")):
            lines = [
                line[:13] + other + line[14:] if line[13:14] == segment else line
                for line in self._split()
            ]
            self._assert_refused("748", self._join(lines), "lost its other half")

    def test_halves_of_two_occurrences(self):
        lines = self._split()
        lines[3] = lines[3][:15] + b"06" + lines[3][17:]
        self._assert_refused("748", self._join(lines), "Line 4.*lost its other half")

    def test_wrong_counts(self):
        for place, column in ((-2, 17), (-1, 17), (-1, 23)):
            lines = self._split()
            lines[place] = (
                lines[place][:column] + b"000099" + lines[place][column + 6 :]
            )
            self._assert_refused("748", self._join(lines), "the trailer counts 99")

    def test_more_after_the_end(self):
        lines = self._split()
        self._assert_refused("748", self._join(lines + lines), "")

    def test_amounts_and_dates_of_a_settlement(self):
        """Columns of segment U of the second title: paid, net, day, credit."""
        for column, words in (
            (77, "amount paid"),
            (92, "amount credited"),
            (137, "date of the occurrence"),
            (145, "date of credit"),
        ):
            for text in (b"A", b" ", b"-"):
                with self.subTest(column=column, text=text):
                    lines = self._split()
                    line = lines[5]
                    lines[5] = line[:column] + text + line[column + 1 :]
                    self._assert_refused("748", self._join(lines), f"Line 6.*{words}")

    def test_blank_fields_of_a_settlement(self):
        """Blanks all over are no zeros: nobody knows what was paid, or when."""
        for first, last, words in (
            (77, 92, "amount paid"),
            (92, 107, "amount credited"),
            (145, 153, "date of credit"),
        ):
            with self.subTest(words):
                lines = self._split()
                blank = b" " * (last - first)
                lines[5] = lines[5][:first] + blank + lines[5][last:]
                self._assert_refused("748", self._join(lines), f"Line 6.*{words}")

    def test_day_that_is_none(self):
        lines = self._split()
        lines[5] = lines[5].replace(b"11032026", b"31022026")
        self._assert_refused("748", self._join(lines), "Line 6.*31022026.*not a date")

    def test_bank_without_240_says_so(self):
        account = self._create_account("341")
        data = build_golden("748").build().replace(b"748", b"341")
        with self.assertRaisesRegex(UserError, "no CNAB 240 return file for Itaú"):
            account._get_driver()._read_return(account, data)


@tagged("post_install", "-at_install")
class TestCnab240Mutations(CollectionCase):
    """Whatever happens to a file on its way: refused, or it says the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = {
            bank: cls._create_account(bank, layout="cnab240") for bank in BANKS_240
        }
        cls.files = {bank: build_golden(bank).build() for bank in BANKS_240}

    def _read(self, bank, data):
        account = self.accounts[bank]
        return account._get_driver()._read_cnab240(account, data)

    def _get_money(self, bank, data):
        return [
            tuple(getattr(event, name) for name in MONEY)
            for event in self._read(bank, data).events
        ]

    def _check(self, bank, data):
        """Fail if the file is taken and says another thing."""
        try:
            found = self._get_money(bank, data)
        except CnabError:
            return
        self.assertEqual(found, self._get_money(bank, self.files[bank]))

    @given(st.sampled_from(BANKS_240), st.data())
    @settings(max_examples=200, deadline=None)
    def test_lines_cut_swapped_doubled_or_lost(self, bank, data):
        lines = self.files[bank].split(b"\r\n")[:-1]
        places = st.integers(0, len(lines) - 1)
        step = data.draw(st.sampled_from(("cut", "swap", "double", "lose")))
        first, second = data.draw(places), data.draw(places)
        if step == "cut":
            lines[first] = lines[first][: data.draw(st.integers(0, 239))]
        elif step == "swap":
            lines[first], lines[second] = lines[second], lines[first]
        elif step == "double":
            lines.insert(second, lines[first])
        else:
            del lines[first]
        self._check(bank, b"\r\n".join(lines) + b"\r\n")

    @given(st.sampled_from(BANKS_240), st.data())
    @settings(max_examples=300, deadline=None)
    def test_byte_that_is_no_digit_never_changes_money(self, bank, data):
        content = bytearray(self.files[bank])
        place = data.draw(st.integers(0, len(content) - 1))
        byte = data.draw(st.integers(0, 255).filter(lambda byte: not 48 <= byte <= 57))
        if content[place : place + 1].isdigit():
            content[place] = byte
        self._check(bank, bytes(content))

    @given(st.sampled_from(BANKS_240), st.data())
    @settings(max_examples=300, deadline=None)
    def test_changed_digit_never_names_another_title(self, bank, data):
        """One digit of number two, which came back with what we sent beside it."""
        content = bytearray(self.files[bank])
        number = NUMBERS[bank][1].encode()
        start = content.index(number)
        place = start + data.draw(st.integers(0, len(number) - 1))
        content[place] = data.draw(st.sampled_from(b"0123456789"))
        try:
            events = self._read(bank, bytes(content)).events
        except CnabError:
            return
        expected = [
            event.nosso_numero for event in self._read(bank, self.files[bank]).events
        ]
        self.assertEqual([event.nosso_numero for event in events], expected)

    @given(st.binary(max_size=500))
    @settings(max_examples=100, deadline=None)
    def test_any_bytes_are_refused(self, data):
        with self.assertRaises(CnabError):
            cnab240_reader.read(data, None)
