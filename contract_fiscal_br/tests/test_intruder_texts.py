import io
from datetime import date

from openpyxl import load_workbook

from odoo.tests import tagged

from .cnab400_builder import Title, build
from .common import CollectionCase

HTML = "<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://example.com";"Ana")'


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderTexts(CollectionCase):
    """Customers, and banks, choose texts that others read."""

    def _issue(self, name):
        """Return the boleto of a customer of a name."""
        partner = self._create_customer(name)
        return self._bill_contract(
            date(2026, 3, 10), partner=partner
        ).collection_title_ids

    def _import(self, title, name="CB.RET"):
        """Return the file that tells that the boleto was paid in part."""
        paid = Title(
            "06",
            int(title.nosso_numero),
            title.nosso_numero_full[-1],
            date="100326",
            credit="110326",
            amount="99.90",
            received="50.00",
        )
        return self.env["collection.return.file"]._import(build("341", [paid]), name)

    def test_name_is_no_html_in_the_report(self):
        file = self._import(self._issue(HTML), f"{HTML}.RET")
        self.assertNotIn("<img", file.report_html)
        self.assertIn("&lt;img", file.report_html)
        report = self.env["ir.actions.report"]
        page, _kind = report._render_qweb_html(
            "contract_fiscal_br.report_collection_return_pages", file.ids
        )
        self.assertNotIn(b"<img src=x", page)

    def test_name_is_no_formula_in_the_workbook(self):
        file = self._import(self._issue(FORMULA))
        target = io.BytesIO()
        file._write_xlsx(target)
        cells = [
            cell
            for sheet in load_workbook(target)
            for row in sheet
            for cell in row
            if FORMULA in str(cell.value)
        ]
        self.assertTrue(cells)
        self.assertEqual({cell.data_type for cell in cells}, {"s"})

    def test_words_of_a_bank_are_no_html_in_the_chatter(self):
        self.account._note_api_problem(HTML)
        title = self._issue("Ana")
        title._withdraw("by_hand", HTML)
        for record in (self.account, title):
            bodies = "".join(body for body in record.message_ids.mapped("body") if body)
            self.assertNotIn("<img", bodies)
            self.assertIn("&lt;img", bodies)

    def test_name_of_any_length_and_sign_is_printed(self):
        """A name of 50,000 characters is cut at once, not one by one."""
        for name in (
            "i" * 50_000,
            HTML,
            "Ana\x1b\u202e\U0001f600",
        ):
            with self.subTest(name=name[:20]):
                self.assertTrue(self._issue(name)._render_pdf().startswith(b"%PDF"))

    def test_instructions_are_no_template(self):
        self.account.instructions = "{{ 7 * 7 }} <t t-out='7*7'/> %(a)s %s {0}"
        lines = self._issue("Ana")._get_instructions()
        self.assertIn("{{ 7 * 7 }} <t t-out='7*7'/> %(a)s %s {0}", lines)
