import doctest
from dataclasses import replace
from datetime import date

import pypdfium2
import zxingcpp
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import dynamic_pix, pix_key
from ..tools.cnab400_remittance import ADAPTERS
from ..tools.cnab_error import CnabError
from .cnab400_builder import PIX_LINES, Title, build
from .common import CollectionCase
from .common_cnab400 import GOLDEN, Cnab400Case, get
from .moved_lines import move_line
from .test_cnab400_return import DIGITS

KEY = "cobranca@provedor.example"
ADDRESS = "pix.example.com/qr/v2/cobv/93598be0138041a8b3177681"
TXID = "93598be0138041a8b31776817a1d8a99"
# Dynamic code of the manual of Banco Central do Brasil, its CRC included.
CODE = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/"
    "8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5913Fulano de Tal"
    "6008BRASILIA62070503***630464E4"
)
# Banks whose files of 400 columns have Pix, and what their return says of a charge.
TOLD = {"033": ADDRESS, "237": ADDRESS, "341": CODE}
TXIDS = {"033": TXID, "237": TXID, "341": ""}


def build_pix(bank, *lines):
    """Return a file of two registrations, the first with a Pix charge.

    :param lines: other records in the place of the charge
    """
    digits = DIGITS[bank]
    first = Title("02", 1, digits[0])
    lines = lines or (PIX_LINES[bank](first, TOLD[bank], TXID),)
    return build(bank, [first, *lines, Title("02", 2, digits[1])])


@tagged("post_install", "-at_install")
class TestCnab400Pix(Cnab400Case):
    """What asks a bank for a Pix charge, in the columns of its own manual."""

    def test_examples(self):
        for module in (dynamic_pix, pix_key):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_santander_is_asked_for_a_charge_of_the_key(self):
        """H7800, record 8: as the profile says (00), one payment (01), an amount (2)
        from 100.00 to 100.00, kind of key and key; the bank makes the TXID."""
        lines = self._write("033", self._get_order("033", pix_key=KEY))
        self.assertEqual([line[0] for line in lines], list("0189"))
        self.assertEqual(get(lines[2], 1, 6), "800012")
        self.assertEqual(get(lines[2], 7, 24), "0000000010000" + "10000")
        self.assertEqual(get(lines[2], 25, 42), "0000000010000" + "10000")
        self.assertEqual(get(lines[2], 43, 120), "4" + KEY.ljust(77))
        self.assertEqual(get(lines[2], 121, 400), " " * 274 + "000003")

    def test_santander_counts_all_records(self):
        order = self._get_order("033", pix_key=KEY)
        trailer = self._write("033", order, order)[-1]
        self.assertEqual(get(trailer, 2, 20), "0000060000000020000")

    def test_kinds_of_key(self):
        keys = {
            "52998224725": "1",
            "11222333000181": "2",
            "+5541999990000": "3",
            "123e4567-e89b-12d3-a456-426655440000": "5",
        }
        for key, kind in keys.items():
            line = self._write("033", self._get_order("033", pix_key=key))[2]
            self.assertEqual(get(line, 43, 120), kind + key.ljust(77))

    def test_itau_is_asked_after_the_fine(self):
        """Record 3: key in 2 to 78, the address of the charge is the bank's."""
        lines = self._write("341", self._get_order("341", pix_key=KEY))
        self.assertEqual([line[0] for line in lines], list("01239"))
        self.assertEqual(get(lines[3], 1, 78), "3" + KEY.ljust(77))
        self.assertEqual(get(lines[3], 79, 400), " " * 316 + "000004")

    def test_itau_takes_the_cnpj_where_no_key_is_named(self):
        line = self._write("341", self._get_order("341", pix_key=""))[3]
        self.assertEqual(line, "3".ljust(394) + "000004")

    def test_bradesco_is_not_asked(self):
        """The agreement with the bank says it; its manual has no record for it."""
        asked = self._write("237", self._get_order("237", pix_key=KEY))
        self.assertEqual(asked, self._write("237", self._get_order("237")))

    def test_golden_files(self):
        for bank in ("033", "341"):
            with self.subTest(bank):
                first = self._get_order(bank, pix_key=KEY)
                lines = self._write(bank, first, replace(first, pix_key=None))
                found = "".join(f"{line}\r\n" for line in lines)
                golden = (GOLDEN / f"{bank}_400_pix.rem").read_bytes()
                self.assertEqual(found, golden.decode("ascii"))


@tagged("post_install", "-at_install")
class TestCnab400PixAccount(CollectionCase):
    """The account's switch, which files of 240 and of 400 columns share."""

    def _create(self, bank, **values):
        values = {"layout": "cnab400", "is_hybrid": True, **values}
        return self._create_account(bank, **values)

    def test_banks_that_make_pix(self):
        for bank in set(ADAPTERS) - set(TOLD):
            with self.assertRaisesRegex(UserError, "makes no Pix by this way"):
                self._create(bank, pix_key=KEY)
        for bank in TOLD:
            self.assertTrue(self._create(bank, pix_key=KEY).can_be_hybrid)

    def test_who_needs_the_key(self):
        for key in (False, "529.982.247-25", "cobrança"):
            with self.assertRaisesRegex(UserError, "needs the Pix key"):
                self._create("033", pix_key=key)
        with self.assertRaisesRegex(UserError, "needs the Pix key"):
            self._create("341", pix_key="529.982.247-25")
        self.assertTrue(self._create("341").is_hybrid)
        self.assertTrue(self._create("237").is_hybrid)

    def test_other_layout_of_the_bank_keeps_the_choice(self):
        account = self._create("033", pix_key=KEY)
        account.layout = "cnab240"
        self.assertTrue(account.is_hybrid)

    def test_other_bank_needs_its_key(self):
        account = self._create("237")
        with self.assertRaisesRegex(UserError, "needs the Pix key"):
            account.write({"bank": "033", "file_code": "1" * 20, "wallet": "101"})

    def test_other_way_to_the_bank_does_not_take_over_the_choice(self):
        account = self._create("341")
        account.backend = "pix_api"
        self.assertFalse(account.is_hybrid or account.can_be_hybrid)

    def test_only_registrations_ask(self):
        account = self._create("341", pix_key=KEY)
        self.company.contract_payment_mode_id = self._create_payment_mode(account)
        title = self._bill_contract(date(2026, 3, 1)).collection_title_ids
        self.assertFalse(title.pix_code)
        self.assertEqual(self._get_kinds(title.instruction_ids), "0123" + "9")
        changed = title._instruct("change_due_date", due_date=date(2026, 4, 20))
        self.assertEqual(self._get_kinds(changed), "019")

    def _get_kinds(self, instructions):
        data = self.account._get_driver()._write_remittance(
            instructions.account_id, instructions, 7, date(2026, 3, 2)
        )
        return "".join(line[0] for line in data.decode("ascii").split("\r\n")[:-1])


@tagged("post_install", "-at_install")
class TestCnab400PixReturn(CollectionCase):
    """What a bank says of the charges it made."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-12 12:00:00"))
        super().setUpClass()
        cls.accounts = {
            bank: cls._create_account(bank, layout="cnab400") for bank in TOLD
        }

    def _read(self, bank, data):
        account = self.accounts[bank]
        return account._get_driver()._read_return(account, data).events

    def test_charge_belongs_to_the_title_before_it(self):
        for bank in TOLD:
            with self.subTest(bank):
                data = (GOLDEN / f"{bank}_400_pix.ret").read_bytes()
                self.assertEqual(data, build_pix(bank))
                first, second = self._read(bank, data)
                told = CODE if bank == "341" else f"25{len(ADDRESS)}{ADDRESS}"
                self.assertIn(told, first.pix_copy_paste)
                self.assertEqual(first.txid, TXIDS[bank])
                self.assertEqual((second.pix_copy_paste, second.txid), ("", ""))

    def test_what_is_no_charge_makes_no_code(self):
        """A key alone, or a code that pays it, would not settle the boleto."""
        static = (
            "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
            "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
        )
        for bank in TOLD:
            size = 390 if bank == "341" else 77
            for text in (KEY, "", "a b.com/x", static, CODE[:-1] + "0", CODE[:77]):
                with self.subTest(bank, text=text):
                    first = Title("02", 1, DIGITS[bank][0])
                    line = PIX_LINES[bank](first, text[:size], TXID)
                    events = self._read(bank, build_pix(bank, line))
                    self.assertEqual([e.pix_copy_paste for e in events], ["", ""])

    def test_charge_without_a_title_is_refused(self):
        for bank in TOLD:
            charge = PIX_LINES[bank](Title("02", 1), TOLD[bank], TXID)
            with self.assertRaisesRegex(UserError, "Line 2: a record of Pix"):
                self._read(bank, build(bank, [charge]))

    def test_second_charge_of_a_title_is_refused(self):
        for bank in TOLD:
            first = Title("02", 1, DIGITS[bank][0])
            charges = [PIX_LINES[bank](first, TOLD[bank], TXID) for _each in "12"]
            with self.assertRaisesRegex(UserError, "Line 4: a record of Pix"):
                self._read(bank, build_pix(bank, *charges))

    def test_bradesco_names_the_title_again(self):
        other = Title("02", 2, DIGITS["237"][1])
        charge = PIX_LINES["237"](other, ADDRESS, TXID)
        with self.assertRaisesRegex(UserError, "Line 3.*“1”.*“2”"):
            self._read("237", build_pix("237", charge))

    @given(st.sampled_from(sorted(TOLD)), st.data())
    @settings(max_examples=300, deadline=None)
    def test_moved_lines_never_give_a_charge_to_another_title(self, bank, data):
        """Bradesco repeats the number: not even lines numbered anew can."""
        lines = build_pix(bank).split(b"\r\n")[:-1]
        move_line(lines, data)
        if bank == "237" and data.draw(st.booleans()):
            lines = [line[:394] + b"%06d" % at for at, line in enumerate(lines, 1)]
        account = self.accounts[bank]
        content = b"".join(line + b"\r\n" for line in lines)
        try:
            events = account._get_driver()._read_cnab400(account, content).events
        except CnabError:
            return
        owners = [event.nosso_numero for event in events if event.pix_copy_paste]
        self.assertLessEqual(set(owners), {"1"})

    # === PAID BY PIX ===

    def test_payments_by_pix_at_santander(self):
        """H7800 2.36, notes 29 to 31: 93 tells of a payment whose money comes with 06;
        06 is it; a boleto written off (10) because its Pix was paid needs a person."""
        values = {"received": "100.00", "origin": "95"}
        told = [
            Title("93", 1, DIGITS["033"][0], received="100.00"),
            Title("06", 1, DIGITS["033"][0], reasons="511", **values),
            Title("10", 2, DIGITS["033"][1], reasons="510", **values),
        ]
        found = self._read("033", build("033", told))
        self.assertEqual(
            [(event.kind, event.paid) for event in found],
            [("other", 0), ("paid", 100), ("unknown", 100)],
        )
        account = self.accounts["033"]
        events = self.env["collection.event"]._receive(account, found)
        self.assertEqual(
            events.mapped("occurrence_text"),
            [
                "Pagamento recebido (a liquidação vem a seguir)",
                "Liquidação por Pix: Liquidado por pagamento via Pix",
                "Baixa por pagamento via Pix: Baixado por pagamento via Pix",
            ],
        )

    # === ON THE BOLETO ===

    def test_boleto_registered_without_a_charge_keeps_the_key(self):
        """Registered before the switch, or refused a Pix (Santander's 509): no charge
        comes any more, so the code of the key is not a second one."""
        account = self.accounts["033"]
        account.pix_key = KEY
        self.company.contract_payment_mode_id = self._create_payment_mode(account)
        title = self._bill_contract(date(2026, 3, 1)).collection_title_ids
        self.assertTrue(title.is_pix_static)
        account.is_hybrid = True
        self.assertFalse(title.pix_code)
        told = [Title("02", 1, DIGITS["033"][0], reasons="509")]
        data = build("033", told)
        self.env["collection.return.file"]._import(data, "C.RET", account)
        self.assertEqual(title.state, "registered")
        self.assertTrue(title.pix_code and title.is_pix_static)

    def test_boleto_prints_the_charge_once_the_bank_made_it(self):
        for bank in TOLD:
            with self.subTest(bank):
                self._check_boleto(bank)

    def _check_boleto(self, bank):
        account = self.accounts[bank]
        account.write({"is_hybrid": True, "pix_key": KEY})
        self.company.contract_payment_mode_id = self._create_payment_mode(account)
        title = self._bill_contract(date(2026, 3, 1)).collection_title_ids
        self.assertEqual(title.nosso_numero, "1")
        # no code that pays the key meanwhile: both would be paid
        self.assertFalse(title.pix_code)
        title.state = "sent"
        self.env["collection.return.file"]._import(build_pix(bank), "C.RET", account)
        self.assertEqual(title.state, "registered")
        self.assertFalse(title.is_pix_static)
        page = pypdfium2.PdfDocument(title._render_pdf())[0]
        codes = zxingcpp.read_barcodes(page.render(scale=8).to_pil())
        (printed,) = [code.text for code in codes if code.format.name == "QRCode"]
        self.assertEqual(printed, title.pix_copy_paste)
        self.assertIn(CODE if bank == "341" else ADDRESS, printed)
