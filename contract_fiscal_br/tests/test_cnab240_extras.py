from datetime import date

import pypdfium2
import zxingcpp
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.cnab_error import CnabError
from .cnab240_builder import NUMBERS, build
from .common import ACCOUNTS, CollectionCase
from .common_cnab240 import BANKS_240, GENERATED_AT, GOLDEN, Cnab240Case
from .moved_lines import move_line

# Banks whose segment Y asks for a Pix charge, and its register.
HYBRID = {"033": "03", "748": "04"}
KEY = "cobranca@provedor.example"
ADDRESS = "pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a99"
TXID = "7481234567890123456789012345"
INSTRUCTIONS = """Não receber em cheque.
Dúvidas: 0800 123 4567, de 2ª a 6ª.
Multa de 2,00% e juros de 1% ao mês após o vencimento."""


def build_pix(bank):
    """Return a builder of two registrations, the first with a Pix charge."""
    first, second, _third = NUMBERS[bank]
    builder = build(bank)
    builder.add("02", first)
    fields = ((18, HYBRID[bank]), (81, "5"), (82, ADDRESS), (159, TXID))
    builder.add_line("Y", "02", *fields)
    return builder.add("02", second)


@tagged("post_install", "-at_install")
class TestCnab240Extras(Cnab240Case):
    """Segments S and Y of a remittance."""

    def _issue_hybrid(self, bank, **values):
        key = KEY if bank == "033" else False
        values = {"is_hybrid": True, "pix_key": key, **values}
        return self._issue(bank, **values)

    def _get_details(self, title):
        lines = self._read_lines(self._generate(title.account_id))
        return {line[13]: line for line in lines if line[7:8] == "3"}

    # === MESSAGES ===

    def test_lines_for_the_cashier_go_to_the_bank(self):
        """FEBRABAN, segment S: kind of print 3, messages 5 to 9 of 40 columns."""
        for bank, kind in {"085": "3", "104": "3", "756": "3", "033": "2"}.items():
            with self.subTest(bank):
                title = self._issue(
                    bank, instructions=INSTRUCTIONS, sends_instructions=True
                )
                line = self._get_details(title)["S"]
                self.assertEqual(line[15:18], f"01{kind}")
                self.assertEqual(line[18:58], "NAO RECEBER EM CHEQUE.".ljust(40))
                self.assertEqual(
                    line[58:98], "DUVIDAS: 0800 123 4567, DE 2A A 6A.".ljust(40)
                )
                self.assertEqual(
                    line[98:138], "MULTA DE 2,00% E JUROS DE 1% AO MES APOS".ljust(40)
                )
                self.assertEqual(line[138:240], "O VENCIMENTO.".ljust(102))

    def test_sicredi_takes_three_lines(self):
        title = self._issue(
            "748", instructions="Não receber em cheque.", sends_instructions=True
        )
        line = self._get_details(title)["S"]
        self.assertEqual(line[17:58], "301" + "NAO RECEBER EM CHEQUE.".ljust(38))
        with self.assertRaisesRegex(UserError, "3 lines of 38 characters.*VENCIMENTO"):
            title.account_id.instructions = INSTRUCTIONS

    def test_bank_with_fewer_lines_is_not_chosen_for_them(self):
        account = self._create_account(
            "756", layout="cnab240", instructions=INSTRUCTIONS, sends_instructions=True
        )
        sicredi = {**dict.fromkeys(ACCOUNTS["756"], False), **ACCOUNTS["748"]}
        with self.assertRaisesRegex(UserError, "3 lines of 38 characters"):
            account.write({"bank": "748", **sicredi})

    def test_translation_must_fit_too(self):
        """It is what goes to the bank."""
        self.env["res.lang"]._activate_lang("pt_BR")
        title = self._issue("748", instructions="Aviso", sends_instructions=True)
        with self.assertRaisesRegex(UserError, "3 lines of 38 characters"):
            title.account_id.update_field_translations(
                "instructions", {"pt_BR": INSTRUCTIONS}
            )

    def test_without_lines_there_is_no_segment(self):
        title = self._issue("756", sends_instructions=True)
        self.assertNotIn("S", self._get_details(title))
        title = self._issue("756", instructions=INSTRUCTIONS)
        self.assertNotIn("S", self._get_details(title))

    def test_banco_do_brasil_takes_no_lines(self):
        with self.assertRaisesRegex(UserError, "Banco do Brasil take no lines"):
            self._issue("001", instructions="X", sends_instructions=True)

    # === PIX ===

    def test_santander_is_asked_for_a_charge_of_the_key(self):
        line = self._get_details(self._issue_hybrid("033"))["Y"]
        self.assertEqual(line[15:80], "01" + "03" + " " * 61)
        self.assertEqual(line[80:158], "4" + KEY.ljust(77))
        self.assertEqual(line[158:], " " * 82)

    def test_sicredi_is_asked_for_a_charge(self):
        line = self._get_details(self._issue_hybrid("748"))["Y"]
        self.assertEqual(line[15:19], "01" + "04")
        self.assertEqual(line[19:80], " " * 50 + "00" + " " * 9)
        self.assertEqual(line[80:], " " * 160)

    def test_kinds_of_key(self):
        keys = {
            "52998224725": "1",
            "11222333000181": "2",
            "+5541999990000": "3",
            "123e4567-e89b-12d3-a456-426655440000": "5",
        }
        for key, kind in keys.items():
            title = self._issue_hybrid("033", pix_key=key)
            line = self._get_details(title)["Y"]
            self.assertEqual(line[80:158], kind + key.ljust(77))

    def test_santander_needs_the_key(self):
        for key in (False, "529.982.247-25", "cobrança"):
            with self.assertRaisesRegex(UserError, "needs the Pix key"):
                self._issue_hybrid("033", pix_key=key)

    def test_other_banks_make_no_pix_by_file(self):
        for bank in set(BANKS_240) - set(HYBRID):
            with self.assertRaisesRegex(UserError, "makes no Pix by this way"):
                self._issue_hybrid(bank)

    def test_another_bank_does_not_take_over_the_choice(self):
        account = self._create_account("748", layout="cnab240", is_hybrid=True)
        account.write({"bank": "756", **ACCOUNTS["756"]})
        self.assertFalse(account.is_hybrid)

    def test_changes_carry_neither_segment(self):
        title = self._issue_hybrid("748", instructions="Aviso", sends_instructions=True)
        self._generate(title.account_id)
        title.instruction_ids.state = "confirmed"
        title.state = "registered"
        title._instruct("change_due_date", due_date=date(2026, 4, 20))
        self.assertEqual(set(self._get_details(title)), {"P", "Q", "R"})

    def test_files_with_all_segments_equal_the_golden_ones(self):
        for bank in HYBRID:
            with self.subTest(bank):
                title = self._issue_hybrid(
                    bank, instructions="Não receber em cheque.", sends_instructions=True
                )
                lines = self._read_lines(self._generate(title.account_id))
                self.assertEqual(
                    [line[13] for line in lines if line[7:8] == "3"], list("PQRSY")
                )
                golden = (GOLDEN / f"{bank}_240_pix.rem").read_bytes().decode("ascii")
                self.assertEqual(lines, golden.split("\r\n"))


@tagged("post_install", "-at_install")
class TestCnab240PixReturn(CollectionCase):
    """Segment Y of a return."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(GENERATED_AT))
        super().setUpClass()

    def _read(self, bank, data):
        account = self._create_account(bank, layout="cnab240")
        return account._get_driver()._read_return(account, data).events

    def test_charge_belongs_to_the_title_before_it(self):
        for bank in HYBRID:
            with self.subTest(bank):
                data = (GOLDEN / f"{bank}_240_pix.ret").read_bytes()
                self.assertEqual(data, build_pix(bank).build())
                first, second = self._read(bank, data)
                self.assertIn(f"2555{ADDRESS}", first.pix_copy_paste)
                self.assertEqual(first.txid, TXID)
                self.assertEqual((second.pix_copy_paste, second.txid), ("", ""))

    def test_what_is_no_address_makes_no_code(self):
        """A key alone would be paid without the bank settling the boleto."""
        for text in (KEY, "123e4567-e89b-12d3-a456-426655440000", "a b.com/x", ""):
            builder = build("748").add("02", NUMBERS["748"][0])
            builder.add_line("Y", "02", (18, "04"), (82, text))
            (event,) = self._read("748", builder.build())
            self.assertEqual(event.pix_copy_paste, "")

    def test_other_registers_are_passed_over(self):
        builder = build("748").add("02", NUMBERS["748"][0])
        builder.add_line("Y", "02", (18, "01"), (82, ADDRESS))
        (event,) = self._read("748", builder.build())
        self.assertEqual(event.pix_copy_paste, "")

    def test_charge_without_a_title_is_refused(self):
        builder = build("748").add_line("Y", "02", (18, "04"), (82, ADDRESS))
        with self.assertRaisesRegex(UserError, "Line 3.*segment Y"):
            self._read("748", builder.build())

    @given(st.sampled_from(sorted(HYBRID)), st.data())
    @settings(max_examples=200, deadline=None)
    def test_moved_lines_never_give_a_charge_to_another_title(self, bank, data):
        account = self.env["collection.account"].search([("bank", "=", bank)], limit=1)
        account = account or self._create_account(bank, layout="cnab240")
        lines = build_pix(bank).build().split(b"\r\n")[:-1]
        move_line(lines, data)
        content = b"\r\n".join(lines) + b"\r\n"
        try:
            events = account._get_driver()._read_cnab240(account, content).events
        except CnabError:
            return
        self.assertEqual([bool(e.pix_copy_paste) for e in events], [True, False])

    # === ON THE BOLETO ===

    def test_boleto_prints_the_charge_once_the_bank_made_it(self):
        account = self._create_account(
            "033", layout="cnab240", is_hybrid=True, pix_key=KEY
        )
        self.company.contract_payment_mode_id = self._create_payment_mode(account)
        title = self._bill_contract(date(2026, 3, 1)).collection_title_ids
        # no code that pays the key meanwhile: both would be paid
        self.assertFalse(title.pix_code)
        data = build_pix("033").build()
        self.env["collection.return.file"]._import(data, "COB.RET", account)
        self.assertEqual(title.state, "registered")
        self.assertFalse(title.is_pix_static)
        page = pypdfium2.PdfDocument(title._render_pdf())[0]
        codes = zxingcpp.read_barcodes(page.render(scale=8).to_pil())
        (printed,) = [code.text for code in codes if code.format.name == "QRCode"]
        self.assertEqual(printed, title.pix_copy_paste)
        self.assertIn(f"2555{ADDRESS}", printed)
