import doctest
from datetime import date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import payment_reference
from ..tools.cnab_error import CnabError
from ..tools.payment_reader import read_payments
from ..tools.payment_reference import make_payment_reference
from ..tools.payment_writer import (
    BANKS,
    PaymentOrder,
    PaymentSender,
    write_payments,
)

NOW = datetime(2026, 3, 11, 9, 30, 15)
DAY = date(2026, 3, 12)


def sender(bank="756"):
    return PaymentSender(
        bank=bank,
        name="Provedor Exemplo Ltda",
        vat="11222333000181",
        agreement="123456",
        agency="4327",
        agency_digit="5",
        account="417270",
        account_digit="1",
    )


def order(number, amount, **values):
    amount = Decimal(amount)
    return PaymentOrder(
        **{
            "reference": make_payment_reference(number, amount),
            "name": "Maria da Silva",
            "vat": "52998224725",
            "day": DAY,
            "amount": amount,
            "bank": "756",
            "agency": "4340",
            "agency_digit": "1",
            "account": "63616",
            "account_digit": "2",
            **values,
        }
    )


# One payment in the bank itself, counted by hand from the bank's positions.
GOLDEN = (
    "756" "0000" "0" + " " * 9 + "2" "11222333000181" "00000000000000123456"
    "04327" "5" "000000417270" "1" " " "PROVEDOR EXEMPLO LTDA         "
    + "Banco Sicoob".ljust(30) + " " * 10 + "1" "11032026" "093015" "000003" "087"
    "00000" + " " * 69 + "\r\n"
    "756" "0001" "1" "C" "98" "01" "045" " " "2" "11222333000181"
    "00000000000000123456" "04327" "5" "000000417270" "1" " "
    "PROVEDOR EXEMPLO LTDA         " + " " * 40 + " " * 30 + "00000" + " " * 15
    + " " * 20 + "00000" "000" "  " "01" + " " * 16 + "\r\n"
    "756" "0001" "3" "00001" "A" "0" "00" "000" "756" "04340" "1" "000000063616" "2" " "
    "MARIA DA SILVA                " "R0000000001D4040702 " "12032026" "BRL"
    "000000000000000" "000000000009990" + " " * 20 + "00000000" "000000000000000"
    + " " * 40 + "  " "     " "  " "   " "0" + " " * 10 + "\r\n"
    "756" "0001" "3" "00002" "B" "   " "1" "00052998224725" + " " * 30 + "00000"
    + " " * 15 + " " * 15 + " " * 20 + "00000000" "  " + "0" * 8 + "0" * 75
    + "0" * 15 + "0" + "0" * 6 + " " * 8 + "\r\n"
    "756" "0001" "5" + " " * 9 + "000004" "000000000000009990" + "0" * 18 + "0" * 6
    + " " * 175 + "\r\n"
    "756" "9999" "9" + " " * 9 + "000001" "000006" "000000" + " " * 205 + "\r\n"
).encode()  # fmt: skip


def answered(content, codes="00", day="12032026"):
    """Return a remittance as the bank gives it back, made without the reader."""
    lines = content.decode().split("\r\n")[:-1]
    lines[0] = lines[0][:142] + "2" + lines[0][143:]
    for place, line in enumerate(lines):
        if line[7] == "3" and line[13] == "A":
            lines[place] = (
                line[:154] + day + line[119:134] + line[177:230] + codes.ljust(10)
            )
    return "".join(f"{line}\r\n" for line in lines).encode()


@tagged("post_install", "-at_install")
class TestPaymentFiles(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(payment_reference).failed, 0)

    # === WRITING ===

    def test_golden_file(self):
        content = write_payments(sender(), [order(1, "99.90")], 3, NOW)
        self.assertEqual(content, GOLDEN)

    def test_every_bank_writes_lines_of_240(self):
        orders = [
            order(1, "99.90"),
            order(2, "10.00", bank="001"),
            order(3, "0.05", bank="", pix_kind="email", pix_key="acme@example.com"),
        ]
        for bank in BANKS:
            with self.subTest(bank):
                content = write_payments(sender(bank), orders, 3, NOW)
                lines = content.decode().split("\r\n")[:-1]
                self.assertEqual({len(line) for line in lines}, {240})
                answers = read_payments(answered(content), bank, "417270")
                self.assertEqual(
                    sorted((a.number, a.amount) for a in answers),
                    [
                        (1, Decimal("99.90")),
                        (2, Decimal("10.00")),
                        (3, Decimal("0.05")),
                    ],
                )

    def test_pix_by_key(self):
        """FEBRABAN G100: 01 phone, 02 e-mail, 03 CPF or CNPJ, 04 random key."""
        pix = order(1, "5.00", bank="", pix_kind="phone", pix_key="+5541999990000")
        lines = write_payments(sender(), [pix], 1, NOW).decode().split("\r\n")
        self.assertEqual(lines[1][11:13], "45")
        self.assertEqual((lines[2][17:20], lines[2][20:23]), ("009", "000"))
        self.assertEqual(
            (lines[3][14:17], lines[3][127:226].strip()), ("01 ", "+5541999990000")
        )

    def test_what_does_not_fit_is_refused(self):
        for name, value in (
            ("account", "1" * 13),
            ("agency", "123456"),
            ("account_digit", "X"),
            ("vat", "12ABC34501DE35"),
        ):
            with self.subTest(name), self.assertRaises(ValueError):
                write_payments(sender(), [order(1, "1.00", **{name: value})], 1, NOW)

    # === READING ===

    def _refuse(self, data, key, bank="756", account="417270"):
        with self.assertRaises(CnabError) as caught:
            read_payments(data, bank, account)
        self.assertEqual(caught.exception.key, key)

    def test_paid(self):
        answer = read_payments(answered(GOLDEN), "756", "417270")[0]
        self.assertEqual((answer.number, answer.amount), (1, Decimal("99.90")))
        self.assertEqual((answer.codes, answer.day), (("00",), DAY))

    def test_several_codes(self):
        answer = read_payments(answered(GOLDEN, "ANAG"), "756", "417270")[0]
        self.assertEqual(answer.codes, ("AN", "AG"))

    def test_bad_files_are_refused(self):
        good = answered(GOLDEN)
        lines = good.split(b"\r\n")
        for name, data, key in (
            ("remittance", GOLDEN, "remittance"),
            ("bank", good, "wrong_bank"),
            ("pdf", b"%PDF-1.4", "pdf"),
            ("empty", b"", "empty"),
            ("cut", b"\r\n".join(lines[:3] + lines[4:]), "trailer_count"),
            ("no trailer", b"\r\n".join(lines[:-2]), "trailer_missing"),
            ("amount", good.replace(b"00009990 ", b"00009991 "), None),
            ("sum", good.replace(b"0009990" + b"0" * 18, b"0009991" + b"0" * 18), None),
        ):
            with self.subTest(name):
                if key:
                    self._refuse(data, key, "001" if name == "bank" else "756")
                else:
                    with self.assertRaises(CnabError):
                        read_payments(data, "756", "417270")
        self._refuse(good, "wrong_account", account="999")

    def test_lines_of_other_banks_lots_and_files_are_refused(self):
        lines = answered(GOLDEN).split(b"\r\n")
        last = len(lines) - 2
        for at, first, text, key in (
            (1, 0, b"001", "wrong_bank"),
            (1, 3, b"0002", "sequence"),
            (2, 0, b"001", "wrong_bank"),
            (2, 3, b"0002", "sequence"),
            (last - 1, 17, b"000001", "trailer_count"),
            (last, 0, b"001", "wrong_bank"),
            (last, 3, b"0001", "sequence"),
            (last, 17, b"000000", "trailer_count"),
            (last, 23, b"000001", "trailer_count"),
        ):
            line = lines[at]
            other = line[:first] + text + line[first + len(text) :]
            with self.subTest(line=at + 1, column=first + 1):
                data = b"\r\n".join([*lines[:at], other, *lines[at + 1 :]])
                self._refuse(data, key)

    @settings(max_examples=400, deadline=None)
    @given(st.integers(0, len(GOLDEN) - 1), st.integers(0, 255))
    def test_any_byte_pays_no_other_refund(self, place, byte):
        good = answered(GOLDEN)
        data = good[:place] + bytes([byte]) + good[place + 1 :]
        try:
            answers = read_payments(data, "756", "417270")
        except CnabError:
            return
        for answer in answers:
            self.assertIn(answer.number, (1, None))
            self.assertEqual(answer.amount, Decimal("99.90"))
