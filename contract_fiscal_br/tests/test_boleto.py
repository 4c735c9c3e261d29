from datetime import date

import pypdfium2
import zxingcpp
from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..const import BANKS
from .common import CollectionCase


@tagged("post_install", "-at_install")
class TestBoleto(CollectionCase):
    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()
        cls.move = cls._bill_contract(date(2026, 3, 1))
        cls.contract = cls.move.contract_charge_ids.contract_id

    def _read_barcodes(self, pdf):
        """Return what an independent reader sees on the printed pages."""
        found = []
        for page in pypdfium2.PdfDocument(pdf):
            picture = page.render(scale=4).to_pil()
            found += [
                (str(code.format), code.text)
                for code in zxingcpp.read_barcodes(picture)
            ]
        return found

    def test_billing_issues_the_boleto(self):
        title = self.move.collection_title_ids
        self.assertEqual(title.amount, self.move.amount_residual)
        self.assertEqual(title.due_date, self.move.invoice_date_due)
        self.assertEqual(title.partner_id, self.partner)
        self.assertEqual(title.state, "to_register")

    def test_printed_barcode_is_the_one_issued(self):
        title = self.move.collection_title_ids
        codes = [text for _format, text in self._read_barcodes(title._render_pdf())]
        self.assertIn(title.barcode, codes)

    def test_every_bank_prints_a_barcode_that_reads_back(self):
        for code, name in BANKS:
            with self.subTest(name):
                self.move.collection_title_ids.state = "cancelled"
                self.move.payment_mode_id = self._create_payment_mode(
                    self._create_account(code)
                )
                self.move.action_issue_boleto()
                title = self.move.collection_title_ids.filtered(lambda t: t._is_live())
                self.assertEqual(title.barcode[:3], code)
                codes = [
                    text for _format, text in self._read_barcodes(title._render_pdf())
                ]
                self.assertIn(title.barcode, codes)

    def test_terms_are_kept_as_issued_and_printed(self):
        title = self.move.collection_title_ids
        self.assertEqual((title.late_fee_percent, title.late_interest_percent), (2, 1))
        self.contract.write({"late_fee_percent": 1.0})
        self.account.instructions = "Pagar no caixa"
        self.assertEqual(title.late_fee_percent, 2)
        self.assertEqual(
            title._get_instructions(),
            [
                "Após o vencimento: multa de 2,00% e juros de 1,00% ao mês.",
                "Não receber após 60 dias do vencimento.",
                "Pagar no caixa",
            ],
        )

    def test_second_boleto_is_not_issued(self):
        with self.assertRaisesRegex(UserError, "needs a boleto"):
            self.move.action_issue_boleto()

    def test_numbers_are_never_used_twice(self):
        first = self.account._take_nosso_numeros(3)
        self.assertEqual(self.account._take_nosso_numeros(1)[0], first[-1] + 1)
        with self.assertRaisesRegex(UserError, "Choose a greater one"):
            self.account.next_nosso_numero = 1

    def test_a_number_of_ten_digits_fits(self):
        """Banco do Brasil leaves ten digits to a company, from 0000000001."""
        self.move.collection_title_ids.state = "cancelled"
        account = self._create_account("001", next_nosso_numero=9_876_543_210)
        self.move.payment_mode_id = self._create_payment_mode(account)
        self.move.action_issue_boleto()
        title = self.move.collection_title_ids.filtered(lambda t: t._is_live())
        self.assertEqual(title.nosso_numero_int, 9_876_543_210)
        self.assertTrue(title.nosso_numero_full.endswith("9876543210"))
        with self.assertRaisesRegex(UserError, "Choose a greater one"):
            account.next_nosso_numero = 9_876_543_210

    def test_account_without_its_agreement_is_refused(self):
        with self.assertRaisesRegex(UserError, "Agreement"):
            self._create_account("104", agreement=False)

    def test_all_that_is_missing_is_said_at_once(self):
        with self.assertRaisesRegex(
            UserError, "also needs “Agency”, “Wallet.*”, “Agreement.*”"
        ):
            self._create_account("104", agency=False, wallet=False, agreement=False)

    def test_letters_in_the_account_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "digits only"):
            self._create_account("341", account_number="12A45")
