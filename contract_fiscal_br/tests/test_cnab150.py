import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import debit_reference
from ..tools.cnab150_reader import read_return
from ..tools.cnab150_writer import (
    DebitExclusion,
    DebitHeader,
    DebitOrder,
    DebitRefusal,
    write_remittance,
)
from ..tools.cnab_error import CnabError
from ..tools.debit_reference import make_client_id, make_reference

HEADER = DebitHeader(
    agreement="4444",
    company_name="Provedor São José Ltda",
    bank="756",
    bank_name="Sicoob",
    generated_on=date(2026, 3, 5),
    number=7,
)
ORDER = DebitOrder(
    client_id="000000019",
    branch="4340",
    account="00000006361692",
    day=date(2026, 3, 10),
    amount=Decimal("99.90"),
    reference=make_reference("000000019", "42"),
    vat="52998224725",
)

# Positions counted by hand from the manual's tables.
GOLDEN = (
    "A14444                PROVEDOR SAO JOSE LT756SICOOB              "
    "20260305" "000007" "05" "DEBITO AUTOMATICO" + " " * 52 + "\r\n"
    "E000000019                434000000006361692" "20260310" "000000000009990" "03"
    + ORDER.reference.ljust(60) + "2" "000052998224725" "    " "0" "\r\n"
    "E000000019                434000000006361692" "20260310" "000000000009990" "03"
    + ORDER.reference.ljust(60) + "2" "000052998224725" "    " "1" "\r\n"
    "Z" "000004" "00000000000019980" + " " * 126 + "\r\n"
).encode()  # fmt: skip


def answer(number, amount, code="00", day="20260310", own="", movement="0"):
    """Return record F of a customer, made without the writer."""
    client = make_client_id(number)
    own = own or make_reference(client, str(number))
    return (
        f"F{client:<25}4340{number:014d}{day}{int(Decimal(amount) * 100):015d}{code}"
        f"{own:<70}{'':10}{movement}"
    )


def returned(*details, bank="756", agreement="4444", number=1, version="05"):
    """Return the bytes of a bank's return over the given lines."""
    header = (
        f"A2{agreement:<20}{'PROVEDOR':<20}{bank}{'SICOOB':<20}20260311{number:06d}"
        f"{version}{'DEBITO AUTOMATICO':<17}{'':52}"
    )
    total = sum(int(line[52:67]) for line in details if line[0] == "F")
    trailer = f"Z{len(details) + 2:06d}{total:017d}{'':126}"
    return "".join(f"{line}\r\n" for line in (header, *details, trailer)).encode()


def option(client, movement="2", branch="4340", account="987654"):
    """Return record B: the customer opted in (2) or out (1)."""
    return f"B{client:<25}{branch:<4}{account:<14}20260301{'':97}{movement}"


GOOD = returned(answer(1, "99.90"), answer(2, "10.00", "01"), answer(3, "59.90"))


@tagged("post_install", "-at_install")
class TestCnab150(BaseCase):
    def _refuse(self, content, code, line=None, **expected):
        with self.assertRaises(CnabError) as caught:
            read_return(content, **expected)
        self.assertEqual(caught.exception.key, code)
        if line is not None:
            self.assertEqual(caught.exception.line, line)

    def test_examples(self):
        self.assertEqual(doctest.testmod(debit_reference).failed, 0)

    # === WRITING ===

    def test_golden_remittance(self):
        cancelled = DebitOrder(**{**vars(ORDER), "is_cancelled": True})
        self.assertEqual(write_remittance(HEADER, [ORDER, cancelled]), GOLDEN)

    def test_version_04_tells_no_holder(self):
        header = DebitHeader(**{**vars(HEADER), "version": "04"})
        line = write_remittance(header, [ORDER]).split(b"\r\n")[1]
        self.assertEqual((line[129:], len(line)), (b" " * 20 + b"0", 150))

    def test_exclusion_and_refusal(self):
        content = write_remittance(
            HEADER,
            [],
            [DebitExclusion("000000019", "4340", "6361692", "Pedido do cliente")],
            [DebitRefusal("999", "4340", "1", "2", "Cliente não localizado")],
        )
        _a, refusal, exclusion, trailer, _end = content.decode().split("\r\n")
        self.assertEqual(
            (refusal[0], refusal[44:84].strip(), refusal[149]),
            ("C", "CLIENTE NAO LOCALIZADO", "2"),
        )
        self.assertEqual(
            (exclusion[0], exclusion[69:129].strip(), exclusion[149]),
            ("D", "PEDIDO DO CLIENTE", "1"),
        )
        self.assertEqual(trailer[:24], "Z00000400000000000000000")

    def test_what_does_not_fit_is_not_cut(self):
        for name, value in (
            ("client_id", "1" * 26),
            ("branch", "12345"),
            ("account", "1" * 15),
            ("amount", Decimal("0.001")),
            ("amount", Decimal("-1")),
            ("client_id", "JOÃO"),
            ("account", "1\n"),
        ):
            with self.subTest(name, value=value):
                order = DebitOrder(**{**vars(ORDER), name: value})
                with self.assertRaisesRegex(ValueError, name):
                    write_remittance(HEADER, [order])
        header = DebitHeader(**{**vars(HEADER), "number": 1000000})
        with self.assertRaisesRegex(ValueError, "number"):
            write_remittance(header, [])

    # === READING ===

    def test_answers(self):
        file = read_return(GOOD, bank="756", agreement="00004444")
        self.assertEqual((file.number, file.total), (1, Decimal("169.80")))
        self.assertEqual(
            [(a.nosso_numero, a.amount, a.code) for a in file.answers],
            [
                ("1", Decimal("99.90"), "00"),
                ("2", Decimal("10.00"), "01"),
                ("3", Decimal("59.90"), "00"),
            ],
        )
        self.assertEqual(file.answers[0].day, date(2026, 3, 10))

    def test_options_and_what_only_informs(self):
        file = read_return(
            returned(
                option("000000019"), option("000000028", "1"), f"X{'4340':<149}",
                f"J0000072026030500000400000000000019980{20260306}{'':104}",
            )
        )  # fmt: skip
        self.assertEqual([o.is_in for o in file.options], [True, False])
        self.assertEqual(file.processed, (7,))

    def test_debit_of_another_system_has_no_title(self):
        file = read_return(returned(answer(1, "5.00", own="FATURA 0815")))
        self.assertEqual(file.answers[0].nosso_numero, "")

    def test_remittance_is_not_a_return(self):
        self._refuse(GOLDEN, "remittance", 1)

    def test_other_files_are_refused(self):
        for content, code in (
            (b"", "empty"),
            (b" \r\n", "empty"),
            (b"%PDF-1.7 ...", "pdf"),
            (GOOD.decode().encode("utf-16"), "utf16"),
            (b"\xef\xbb\xbf" + GOOD, "utf8"),
            (GOOD.replace(b"PROVEDOR ", b"PROVEDOR\x00"), "utf16"),
            (GOOD.replace(b"PROVEDOR ", b"PROVEDOR\x85"), None),
            (GOOD.replace(b"DEBITO AUTOMATICO", b"FOLHA PAGAMENTO  "), "not_debit"),
        ):
            with self.subTest(content[:20]):
                if code:
                    self._refuse(content, code)
                else:
                    self.assertEqual(len(read_return(content).answers), 3)

    def test_wrong_sender_is_named(self):
        self._refuse(GOOD, "wrong_bank", 1, bank="001")
        self._refuse(GOOD, "wrong_agreement", 1, agreement="5555")

    def test_utf8_makes_lines_longer(self):
        accents = returned(f"X{'SÃO JOSÉ':<149}").decode()
        self._refuse(accents.encode("utf-8"), "utf8")
        self.assertFalse(read_return(accents.encode("latin-1")).answers)

    def test_cut_line(self):
        lines = GOOD.split(b"\r\n")
        lines[2] = lines[2][:-5]
        self._refuse(b"\r\n".join(lines), "too_short", 3)

    def test_missing_line_or_trailer(self):
        lines = GOOD.split(b"\r\n")
        self._refuse(b"\r\n".join(lines[:2] + lines[3:]), "trailer_count")
        self._refuse(b"\r\n".join(lines[:-2]), "trailer_missing", 4)
        self._refuse(b"\r\n".join(lines[:-1] + lines[1:]), "after_trailer", 6)

    def test_sum_of_the_trailer(self):
        self._refuse(
            GOOD.replace(b"000000000009990", b"000000000999000"), "trailer_total"
        )

    def test_numbers_and_days(self):
        self._refuse(
            GOOD.replace(b"000000000009990", b"0000000000O9990"), "not_number", 2
        )
        bad = returned(answer(1, "1.00", day="20260231"))
        self._refuse(bad, "not_date", 2)

    def test_exchanged_customer_is_noticed(self):
        own = make_reference(make_client_id(1), "1")
        self._refuse(returned(answer(2, "1.00", own=own)), "debit_reference", 2)

    def test_lf_and_end_of_file_mark(self):
        self.assertEqual(read_return(GOOD.replace(b"\r\n", b"\n")), read_return(GOOD))
        self.assertEqual(read_return(GOOD + b"\x1a"), read_return(GOOD))

    # === ANY MUTATION ===

    def _paid(self, file):
        """Return {title: paid} of what was debited."""
        paid = {}
        for a in file.answers:
            if a.code in ("00", "31"):
                paid.setdefault(a.nosso_numero, []).append(a.amount)
        return paid

    def _assert_nobody_else_pays(self, content):
        """Money is told of no title but those it was told of, in the same amount."""
        try:
            file = read_return(content, bank="756", agreement="4444")
        except CnabError:
            return
        asked = {"1": Decimal("99.90"), "2": Decimal("10.00"), "3": Decimal("59.90")}
        for number, amounts in self._paid(file).items():
            self.assertEqual(amounts, [asked[number]] if number else amounts)
        for a in file.answers:
            if a.nosso_numero:
                self.assertEqual(a.client_id, make_client_id(int(a.nosso_numero)))

    @settings(max_examples=400, deadline=None)
    @given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
    def test_any_byte(self, place, byte):
        self._assert_nobody_else_pays(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])

    @settings(max_examples=300, deadline=None)
    @given(
        st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.integers(0, len(GOOD))
    )
    def test_any_piece_cut_or_moved(self, first, last, place):
        first, last = sorted((first, last))
        piece, rest = GOOD[first:last], GOOD[:first] + GOOD[last:]
        self._assert_nobody_else_pays(rest)
        self._assert_nobody_else_pays(rest[:place] + piece + rest[place:])

    @settings(max_examples=100, deadline=None)
    @given(st.permutations(range(5)))
    def test_any_order_of_lines(self, order):
        lines = GOOD.split(b"\r\n")[:-1]
        self._assert_nobody_else_pays(
            b"".join(lines[place] + b"\r\n" for place in order)
        )

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=500))
    def test_any_bytes(self, content):
        with self.assertRaises(CnabError):
            read_return(content)
