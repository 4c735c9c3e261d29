import doctest
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ..tools import cnab400_amounts, cnab400_record
from ..tools.cnab_error import CnabError
from .cnab400_builder import BANKS, Line, Title, build
from .common import ACCOUNTS

GOLDEN = Path(__file__).parent / "golden"
# Check digits of the numbers 1 to 7, with the accounts of `common`.
DIGITS = {
    "001": [""] * 7,
    "033": "9753108",
    "041": ["83", "64", "45", "26", "90", "71", "52"],
    "077": "4208531",
    "136": "9753108",
    "237": "1P86420",
    "336": "6420975",
    "341": "6420753",
    "422": "9753108",
    "756": "7419630",
}
FEE_CODES = {
    "001": "28",
    "033": "24",
    "041": "44",
    "237": "28",
    "336": "98",
    "341": "29",
    "422": "43",
}
REASONS = {"033": "012058", "336": "90159051", "422": "012", "077": "CEP INVALIDO"}
# Banks whose line has what they credit, or what they post, besides.
NET_OF_FEE = ("341",)
POSTING = ("001", "136", "756")
NO_LATE = ("077",)
WRITTEN_OFF = {"077": "07", "136": "02"}
UNKNOWN = "66"


@tagged("post_install", "-at_install")
class TestCnab400Return(TransactionCase):
    """Every bank's return files are read the same way, or refused."""

    def _get_account(self, bank):
        return self.env["collection.account"].new(
            {"name": f"Cobrança {bank}", "bank": bank, **ACCOUNTS[bank]}
        )

    def _read(self, bank, data):
        account = self._get_account(bank)
        return account._get_driver()._read_cnab400(account, data)

    def _title(self, bank, number, occurrence, **values):
        return Title(occurrence, number, DIGITS[bank][number - 1], **values)

    def _paid(self, bank, number, amount, late="0", fee="2.10"):
        """Return a title paid with so much more than its amount."""
        paid = Decimal(amount) + Decimal(late)
        if bank in NO_LATE:
            return self._title(bank, number, "06", amount=amount, received=str(paid))
        return self._title(
            bank,
            number,
            "06",
            amount=amount,
            interest=late,
            fee=fee,
            received=str(paid - Decimal(fee) if bank in NET_OF_FEE else paid),
            posted=str(paid - Decimal(fee)),
        )

    def _titles(self, bank):
        origin = {"origin": "02"} if bank == "136" else {}
        titles = [
            self._title(bank, 1, "02", received="100.00"),
            self._paid(bank, 2, "99.90"),
            Line("4TEXT OF THE BANK"),
            Line("8" + "1".rjust(76)),
            self._paid(bank, 3, "100.00", late="3.00"),
            self._title(bank, 4, "03", reasons=REASONS.get(bank, "12")),
            self._title(bank, 5, WRITTEN_OFF.get(bank, "09"), **origin),
            self._title(bank, 6, UNKNOWN, amount="50.00"),
            self._paid(bank, 7, "10.00", fee="0"),
        ]
        if bank in FEE_CODES:
            titles.append(Title(FEE_CODES[bank], 0, "0", amount="0", fee="4.50"))
        return titles

    def test_examples(self):
        for module in (cnab400_amounts, cnab400_record):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_golden_files_are_those_of_the_layouts(self):
        for bank in BANKS:
            with self.subTest(bank):
                path = GOLDEN / f"{bank}_400.ret"
                self.assertEqual(
                    build(bank, self._titles(bank)), path.read_bytes(), path.name
                )

    def test_every_bank_tells_what_happened(self):
        for bank in BANKS:
            with self.subTest(bank):
                data = (GOLDEN / f"{bank}_400.ret").read_bytes()
                found = self._read(bank, data)
                self.assertEqual((found.bank, found.lines), (bank, data.count(b"\n")))
                self.assertEqual(found.created_on, date(2026, 3, 12))
                kinds = [(event.nosso_numero, event.kind) for event in found.events]
                expected = [
                    ("1", "registered"),
                    ("2", "paid"),
                    ("3", "paid"),
                    ("4", "rejected"),
                    ("5", "written_off"),
                    ("6", "unknown"),
                    ("7", "paid"),
                ]
                if bank in FEE_CODES:
                    expected.append(("", "fee"))
                self.assertEqual(kinds, expected)

    def test_every_bank_tells_what_was_paid(self):
        """100.00 with 3.00 of interest is 103.00, whatever the bank keeps back."""
        for bank in BANKS:
            with self.subTest(bank):
                registered, paid, late, *_rest = self._read(
                    bank, build(bank, self._titles(bank))
                ).events
                self.assertEqual((registered.amount, registered.paid), (100, 0))
                self.assertEqual(paid.paid, Decimal("99.90"))
                self.assertEqual(late.paid, Decimal("103.00"))
                self.assertEqual(late.occurred_on, date(2026, 3, 10))
                self.assertEqual(late.credit_date, date(2026, 3, 11))
                keeps = bank in (*NET_OF_FEE, *POSTING)
                self.assertEqual(
                    late.net, Decimal("100.90") if keeps else Decimal("103.00")
                )
                if bank not in NO_LATE:
                    self.assertEqual(late.interest, Decimal("3.00"))
                    self.assertEqual(late.fee, Decimal("2.10"))

    def test_records_beside_a_title_are_no_titles(self):
        """Messages, cheques, shares of the credit, Pix: kinds 2, 3, 4, 5 and 8."""
        for bank in BANKS:
            for kind in "23458":
                with self.subTest(bank, kind=kind):
                    lines = [
                        self._paid(bank, 2, "99.90"),
                        Line(f"{kind}TEXT"),
                        self._paid(bank, 3, "10.00"),
                        Line(f"{kind}TEXT"),
                    ]
                    found = self._read(bank, build(bank, lines))
                    numbers = [event.nosso_numero for event in found.events]
                    self.assertEqual(numbers, ["2", "3"])

    def test_occurrence_09_of_itau_moves_no_money(self):
        """The line carries the fee in the column of the amount received."""
        line = self._title("341", 1, "09", amount="40.00", fee="2.10", received="2.10")
        event = self._read("341", build("341", [line])).events[0]
        self.assertEqual((event.kind, event.paid, event.net), ("written_off", 0, 0))
        self.assertEqual(event.fee, Decimal("2.10"))

    def test_bradesco_registration_moves_no_money(self):
        line = self._title("237", 1, "02", amount="145.00", received="145.00")
        event = self._read("237", build("237", [line])).events[0]
        self.assertEqual((event.kind, event.paid), ("registered", 0))

    def test_reasons_are_the_codes_of_the_bank(self):
        expected = {
            "033": ("012", "058"),
            "336": ("9015", "9051"),
            "422": ("012",),
            "077": ("CEP INVALIDO",),
        }
        for bank in BANKS:
            with self.subTest(bank):
                rejected = self._read(bank, build(bank, self._titles(bank))).events[3]
                self.assertEqual(rejected.reasons, expected.get(bank, ("12",)))

    def test_answers_name_the_instruction(self):
        """Unicred answers every instruction by 02 or 03, Santander refuses by 03."""
        for bank, code, origin, kind in (
            ("136", "02", "01", "registered"),
            ("136", "02", "06", "changed"),
            ("136", "03", "06", "refused"),
            ("033", "03", "06", "refused"),
            ("033", "03", "01", "rejected"),
        ):
            with self.subTest(bank, code=code, origin=origin):
                line = self._title(bank, 1, code, origin=origin)
                event = self._read(bank, build(bank, [line])).events[0]
                self.assertEqual(event.kind, kind)

    # === WHAT IS REFUSED ===

    def _assert_refused(self, key, bank, data, line=None):
        with self.assertRaises(CnabError) as caught:
            self._read(bank, data)
        self.assertEqual(caught.exception.key, key)
        if line is not None:
            self.assertEqual(caught.exception.line, line)

    def test_other_files_are_refused(self):
        good = build("341", self._titles("341"))
        remittance = good.replace(b"02RETORNO", b"01REMESSA", 1)
        self._assert_refused("remittance", "341", remittance)
        self._assert_refused("not_return", "341", b"05" + good[2:])
        self._assert_refused("pdf", "341", b"%PDF-1.7 " + good)
        self._assert_refused("utf8", "341", b"\xef\xbb\xbf" + good)
        self._assert_refused("utf16", "341", good.decode().encode("utf-16"))
        accents = good.replace(b"PROVEDOR", "PROVEDÓ".encode(), 1)
        self._assert_refused("utf8", "341", accents)
        self._assert_refused("empty", "341", b"\r\n")

    def test_file_of_another_bank_or_account_is_refused(self):
        self._assert_refused("wrong_bank", "341", build("237", []), 1)
        good = build("341", self._titles("341"))
        self._assert_refused(
            "wrong_agency", "341", good.replace(b"0057001234", b"0058001234", 1), 1
        )
        self._assert_refused(
            "wrong_account", "341", good.replace(b"0057001234", b"0057001334", 1), 1
        )
        good = build("001", self._titles("001"))
        self._assert_refused(
            "wrong_agreement", "001", good.replace(b"1234567", b"1234568", 1), 1
        )

    def test_damaged_lines_are_refused_by_number(self):
        good = build("341", self._titles("341"))
        lines = good.split(b"\r\n")[:-1]

        def join(parts):
            return b"\r\n".join(parts) + b"\r\n"

        third = lines[2]
        for key, parts in {
            "too_short": [*lines[:2], third[:150] + third[155:], *lines[3:]],
            "too_long": [*lines[:2], third + b" ", *lines[3:]],
        }.items():
            self._assert_refused(key, "341", join(parts), 3)
        self._assert_refused("sequence", "341", join(lines[:2] + lines[3:]), 3)
        self._assert_refused(
            "sequence", "341", join([*lines[:2], lines[3], third, *lines[4:]]), 3
        )
        self._assert_refused("sequence", "341", join([*lines[:3], *lines[2:]]), 4)
        self._assert_refused("trailer_missing", "341", join(lines[:-1]))
        self._assert_refused(
            "after_trailer",
            "341",
            join(
                [*lines[:-1], lines[-1], b"9".ljust(394) + b"%06d" % (len(lines) + 1)]
            ),
        )

    def test_amounts_and_dates_are_numbers(self):
        good = build("341", self._titles("341"))
        paid = 402 * 2
        for first in (63, 111, 153, 254, 296):
            data = bytearray(good)
            data[paid + first - 1] = ord("X")
            with self.subTest(first):
                with self.assertRaises(CnabError) as caught:
                    self._read("341", bytes(data))
                self.assertEqual(caught.exception.line, 3)

    def test_wrong_check_digit_is_refused(self):
        for bank in BANKS:
            if bank == "001":
                continue
            line = self._paid(bank, 2, "99.90")
            line.check = DIGITS[bank][2]
            with self.subTest(bank):
                self._assert_refused("check_digit", bank, build(bank, [line]), 2)

    def test_number_that_contradicts_our_own_mark_is_refused(self):
        """Remittances name the title in “use of the company”, which comes back."""
        line = self._paid("001", 2, "99.90")
        for mark, wrong in ((b"NN2", False), (b"NN3", True), (b"A7 ", False)):
            data = bytearray(build("001", [line]))
            data[402 + 38 : 402 + 41] = mark
            with self.subTest(mark):
                if wrong:
                    self._assert_refused("conflict", "001", bytes(data), 2)
                else:
                    event = self._read("001", bytes(data)).events[0]
                    self.assertEqual(event.nosso_numero, "2")

    def test_totals_of_the_trailer_guard_the_amounts(self):
        for bank, key in (("341", "trailer_sum"), ("237", "trailer_sum")):
            titles = self._titles(bank)
            good = build(bank, titles)
            data = bytearray(good)
            data[402 * 2 + 153 + 10] ^= 1
            with self.subTest(bank):
                self._assert_refused(key, bank, bytes(data))
        data = build("237", self._titles("237"))
        changed = bytearray(data)
        changed[402 * 2 + 254 + 10] ^= 1
        self._assert_refused("trailer_sum", "237", bytes(changed))

    def test_count_of_the_trailer_guards_the_titles(self):
        """Each bank that counts says 99: Bradesco counts what was paid."""
        for bank, first, last in (
            ("077", 18, 25),
            ("237", 87, 91),
            ("341", 213, 220),
            ("422", 18, 25),
            ("756", 164, 171),
        ):
            data = bytearray(build(bank, self._titles(bank)))
            trailer = len(data) - 402
            count = f"{99:0{last - first + 1}}".encode()
            data[trailer + first - 1 : trailer + last] = count
            with self.subTest(bank):
                self._assert_refused("trailer_count", bank, bytes(data))

    def test_spoilt_kind_of_record_is_refused(self):
        """A payment whose record kind is damaged must not vanish."""
        good = build("341", self._titles("341"))
        for kind in b"28A":
            data = bytearray(good)
            data[402 * 2] = kind
            with self.subTest(kind):
                self._assert_refused("unknown_record", "341", bytes(data), 3)

    def test_old_ends_of_file_and_strange_bytes_are_read(self):
        good = build("341", self._titles("341"))
        events = self._read("341", good).events
        self.assertEqual(self._read("341", good + b"\x1a").events, events)
        for byte in (0x85, 0x1C, 0x0C):
            data = bytearray(good)
            data[402 * 2 + 330] = byte
            with self.subTest(byte):
                self.assertEqual(self._read("341", bytes(data)).events, events)
