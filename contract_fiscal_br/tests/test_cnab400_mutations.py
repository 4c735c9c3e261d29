from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..tools.cnab400_return_layouts import LAYOUTS
from ..tools.cnab_error import CnabError
from .cnab400_builder import BANKS
from .common import ACCOUNTS
from .test_cnab400_return import GOLDEN

SIZE = 402  # a line and its CR LF
# Digits of the numbers the accounts count.
COUNTED = {
    "033": 7,
    "041": 8,
    "077": 10,
    "136": 10,
    "237": 11,
    "336": 10,
    "341": 8,
    "422": 8,
    "756": 7,
}
LETTERS = b"ABXZ?*"
STRANGE = b"\x00\x0a\x0c\x0d\x1a\x1c\x85 0A"


def swap_lines(lines, draw):
    first, second = draw(
        st.lists(st.integers(0, len(lines) - 1), min_size=2, max_size=2)
    )
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def delete_line(lines, draw):
    del lines[draw(st.integers(0, len(lines) - 1))]
    return b"".join(lines)


def double_line(lines, draw):
    number = draw(st.integers(0, len(lines) - 1))
    lines.insert(draw(st.integers(0, len(lines))), lines[number])
    return b"".join(lines)


def cut_bytes(lines, draw):
    data = b"".join(lines)
    start = draw(st.integers(0, len(data) - 1))
    return data[:start] + data[start + draw(st.integers(1, SIZE * 2)) :]


def insert_bytes(lines, draw):
    data = b"".join(lines)
    start = draw(st.integers(0, len(data)))
    added = draw(st.lists(st.sampled_from(STRANGE), min_size=1, max_size=SIZE))
    return data[:start] + bytes(added) + data[start:]


def spoil_digits(lines, draw):
    data = bytearray(b"".join(lines))
    digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
    for place in draw(st.lists(st.sampled_from(digits), min_size=1, max_size=3)):
        data[place] = draw(st.sampled_from(LETTERS))
    return bytes(data)


MUTATIONS = [
    swap_lines,
    delete_line,
    double_line,
    cut_bytes,
    insert_bytes,
    spoil_digits,
]


@tagged("post_install", "-at_install")
class TestCnab400Mutations(TransactionCase):
    """A damaged file is refused, or tells what the whole one told."""

    def setUp(self):
        super().setUp()
        self.accounts = {
            bank: self.env["collection.account"].new(
                {"name": bank, "bank": bank, **ACCOUNTS[bank]}
            )
            for bank in BANKS
        }
        self.files = {bank: (GOLDEN / f"{bank}_400.ret").read_bytes() for bank in BANKS}
        self.told = {bank: self._read(bank, self.files[bank]) for bank in BANKS}

    def _read(self, bank, data):
        """Return what moves money or a title; texts of the bank aside."""
        account = self.accounts[bank]
        found = account._get_driver()._read_cnab400(account, data)
        return [
            (
                event.nosso_numero,
                event.kind,
                event.occurrence,
                event.occurred_on,
                event.credit_date,
                event.amount,
                event.paid,
                event.net,
                event.fee,
                event.interest,
                event.fine,
                event.discount,
                event.rebate,
            )
            for event in found.events
        ]

    @settings(
        max_examples=400,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(BANKS)), st.sampled_from(MUTATIONS), st.data())
    def test_damage_moves_no_money(self, bank, mutate, data):
        good = self.files[bank]
        lines = [good[start : start + SIZE] for start in range(0, len(good), SIZE)]
        changed = mutate(lines, data.draw)
        try:
            told = self._read(bank, changed)
        except CnabError:
            return
        self.assertEqual(told, self.told[bank], (bank, mutate.__name__))

    def test_one_digit_of_a_number_moves_no_money(self):
        """Check digits or the number's twin stop every single one."""
        for bank in COUNTED:
            # longer numbers than we count are no title of ours
            last = LAYOUTS[bank].number[1]
            first = last - COUNTED[bank] + 1
            with self.subTest(bank):
                taken = [
                    (place, chr(digit))
                    for place in range(first, last + 1)
                    for digit in b"0123456789"
                    if self._takes_digit(bank, place, digit)
                ]
                self.assertFalse(taken)

    def _takes_digit(self, bank, place, digit):
        """Return whether the second title is read with another digit."""
        data = bytearray(self.files[bank])
        at = SIZE * 2 + place - 1
        if data[at] == digit:
            return False
        data[at] = digit
        try:
            self._read(bank, bytes(data))
        except CnabError:
            return False
        return True
