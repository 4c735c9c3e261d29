import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import cnab_error, cnab_lines, payer
from ..tools.cnab_error import CnabError
from ..tools.cnab_lines import get_line_length, split_lines

LINE = b"A" * 240


@tagged("post_install", "-at_install")
class TestCnabLines(BaseCase):
    def _assert_refused(self, key, data, line=0):
        with self.assertRaises(CnabError) as caught:
            split_lines(data, 240, pad=True)
        self.assertEqual((caught.exception.key, caught.exception.line), (key, line))

    def test_examples(self):
        for module in (cnab_error, cnab_lines, payer):
            with self.subTest(module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    def test_other_kinds_of_file_are_refused(self):
        text = "02RETORNO Cobrança".ljust(240)
        self._assert_refused("empty", b"")
        self._assert_refused("empty", b"\r\n \r\n\x1a")
        self._assert_refused("pdf", b"%PDF-1.7 ...")
        self._assert_refused("utf8", text.encode())
        self._assert_refused("utf8", b"\xef\xbb\xbf" + LINE)
        self._assert_refused("utf16", text.encode("utf-16"))
        self._assert_refused("utf16", text.encode("utf-16-le"))
        self._assert_refused("zip", b"PK\x03\x04 ...")

    def test_longer_line_is_refused_with_its_number(self):
        self._assert_refused("too_long", LINE + b"\r\n" + LINE + b"B", 2)

    def test_line_cut_at_its_blanks_is_filled_up(self):
        self.assertEqual(split_lines(b"AB\r\nCD\r\n", 4, pad=True), ["AB  ", "CD  "])
        with self.assertRaises(CnabError):
            split_lines(b"AB\r\nCD\r\n", 4)

    def test_control_bytes_do_not_break_lines(self):
        for byte in (b"\x85", b"\x1c", b"\x0c", b"\x0b", b"\x1d", b"\x1e"):
            data = b"A" * 100 + byte + b"A" * 139
            self.assertEqual(len(split_lines(data + b"\r\n" + LINE, 240)), 2)

    def test_end_of_file_mark_makes_no_line(self):
        self.assertEqual(len(split_lines(LINE + b"\r\n\x1a", 240)), 1)
        self.assertEqual(len(split_lines(LINE + b"\x1a\r\n", 240)), 1)

    def test_empty_line_in_the_middle_is_refused(self):
        self._assert_refused("too_short", LINE + b"\r\n\r\n" + LINE, 2)

    def test_length_tells_the_layout(self):
        self.assertEqual(get_line_length(LINE), 240)
        self.assertEqual(get_line_length(b"B" * 400 + b"\r\n"), 400)
        with self.assertRaises(CnabError):
            get_line_length(b"B" * 399)

    @given(st.binary(max_size=600))
    def test_any_bytes_are_lines_or_refused(self, data):
        try:
            lines = split_lines(data, 240, pad=True)
        except CnabError:
            return
        self.assertTrue(lines)
        self.assertEqual({len(line) for line in lines}, {240})
