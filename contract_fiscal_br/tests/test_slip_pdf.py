from datetime import date

import pypdfium2
import zxingcpp
from freezegun import freeze_time

from odoo.tests import tagged

from ..const import BANKS
from ..tools import static_pix
from .common import ACCOUNTS, CollectionCase
from .test_title_life import TitleCase

# “Agência / Código” and “Nosso número” of title 1 of each account of the tests, as the
# bank's own slips print them: with check digits, the beneficiary's code in the place
# of the account where the bank has one, and Banco do Brasil's agreement in front.
PRINTED = {
    "001": ("1584-9 / 210169-6", "12345670000000001"),
    "033": ("1234 / 1234567", None),
    "085": ("0101-1 / 0012345-5", None),
    "237": ("1172-0 / 0403005-2", None),
    "756": ("4327 / 229385", None),
}


def read_codes(pdf, scale=4):
    """Return {format: texts} that an independent reader sees in a PDF."""
    found = {}
    for page in pypdfium2.PdfDocument(pdf):
        for code in zxingcpp.read_barcodes(page.render(scale=scale).to_pil()):
            found.setdefault(code.format.name, []).append(code.text)
    return found


def read_words(pdf):
    return "\n".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)
    )


def crc16(text):
    """Return CRC-16/CCITT-FALSE by table, as the Pix manual names it."""
    table = []
    for byte in range(256):
        value = byte << 8
        for _bit in range(8):
            value = (value << 1) ^ (0x1021 if value & 0x8000 else 0)
        table.append(value & 0xFFFF)
    value = 0xFFFF
    for byte in text.encode():
        value = ((value << 8) & 0xFFFF) ^ table[(value >> 8) ^ byte]
    return f"{value:04X}"


def read_tlv(code):
    """Return {id: text} of a BR Code."""
    fields = {}
    while code:
        size = int(code[2:4])
        fields[code[:2]] = code[4 : 4 + size]
        code = code[4 + size :]
    return fields


@tagged("post_install", "-at_install")
class TestSlipPdf(TitleCase):
    """What is printed reads back, and says what the bank's own slips say."""

    def _get_bars(self, pdf):
        """Return (width, height) in mm of the barcode on the first page."""
        page = pypdfium2.PdfDocument(pdf)[0]
        scale = 8
        code = next(
            code
            for code in zxingcpp.read_barcodes(page.render(scale=scale).to_pil())
            if code.format.name == "ITF"
        )
        picture = page.render(scale=scale).to_pil().convert("L")
        x = code.position.top_left.x + 2
        y = (code.position.top_left.y + code.position.bottom_left.y) // 2
        top = bottom = y
        while picture.getpixel((x, top - 1)) < 128:
            top -= 1
        while picture.getpixel((x, bottom + 1)) < 128:
            bottom += 1
        width = code.position.top_right.x - code.position.top_left.x
        return [round(size / scale / 72 * 25.4, 1) for size in (width, bottom - top)]

    def test_bars_have_febrabans_size(self):
        """103 mm × 13 mm; the reader finds the edges to half a millimetre."""
        width, height = self._get_bars(self.title._render_pdf())
        self.assertAlmostEqual(width, 103, delta=1)
        self.assertAlmostEqual(height, 13, delta=0.3)

    def test_documents_are_printed_as_people_write_them(self):
        self.partner.vat = "52998224725"
        self.company.partner_id.vat = "11222333000181"
        words = read_words(self.title._render_pdf())
        self.assertIn("529.982.247-25", words)
        self.assertIn("11.222.333/0001-81", words)

    def test_terms_are_printed_in_portuguese(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.partner.lang = "pt_BR"
        words = read_words(self.title._render_pdf())
        for expected in (
            "Pagador",
            "Beneficiário",
            "Vencimento",
            "10/03/2026",
            "99,90",
        ):
            self.assertIn(expected, words)
        for unwanted in ("Cedente", "Sacado", "due date", "False"):
            self.assertNotIn(unwanted, words)

    def test_static_pix_says_what_it_does_not_do(self):
        self.account.pix_key = "cobranca@provedor.example"
        pdf = self.title._render_pdf()
        code = read_codes(pdf)["QRCode"][0]
        self.assertEqual(code, self.title.pix_code)
        self.assertEqual(code[-4:], crc16(code[:-4]))
        fields = read_tlv(code)
        self.assertEqual(fields["54"], "99.90")
        self.assertEqual(read_tlv(fields["26"])["01"], "cobranca@provedor.example")
        self.assertEqual(read_tlv(fields["62"])["05"], "NN1")
        self.assertIn("não baixa", read_words(pdf))
        slip = self.move._get_payment_slips()[0]
        self.assertTrue(slip["pix_is_static"])

    def test_code_of_the_bank_is_the_only_one_printed(self):
        self.account.pix_key = "cobranca@provedor.example"
        self.title.pix_copy_paste = static_pix.compose_static_pix(
            "x@y.com", "Banco", "Curitiba", self.title._get_amount_decimal(), "BANK1"
        )
        pdf = self.title._render_pdf()
        self.assertEqual(read_codes(pdf)["QRCode"], [self.title.pix_copy_paste])
        self.assertNotIn("não baixa", read_words(pdf))
        self.assertFalse(self.move._get_payment_slips()[0]["pix_is_static"])

    def test_pix_examples(self):
        with self.assertRaises(static_pix.StaticPixError):
            static_pix.compose_static_pix(
                "a@b.com", "Loja", "X", self.title._get_amount_decimal(), "A" * 26
            )
        self.assertEqual(crc16("123456789"), "29B1")  # the standard's check value

    def test_without_key_no_code_is_printed(self):
        self.assertNotIn("QRCode", read_codes(self.title._render_pdf()))


@tagged("post_install", "-at_install")
class TestSlipOfBanks(CollectionCase):
    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()

    def test_agency_and_number_as_the_bank_prints_them(self):
        move = self._bill_contract(date(2026, 3, 1))
        for bank, (agency, number) in PRINTED.items():
            with self.subTest(dict(BANKS)[bank]):
                move.collection_title_ids.state = "cancelled"
                move.payment_mode_id = self._create_payment_mode(
                    self._create_account(bank)
                )
                move.action_issue_boleto()
                title = move.collection_title_ids.filtered(lambda t: t._is_current())
                words = read_words(title._render_pdf())
                self.assertIn(agency, words)
                self.assertIn(number or title.nosso_numero_full, words)
        self.assertEqual(set(PRINTED) - set(ACCOUNTS), set())
