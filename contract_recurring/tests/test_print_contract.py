import doctest
import io
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..tools import print_placeholders
from .common import ContractCase


def read_pdf(content):
    """Return the words of a PDF, one space between them."""
    pages = PdfFileReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@tagged("contract_recurring", "post_install", "-at_install")
class TestPrintContract(ContractCase):
    """The contract on paper (S004-17, S004-38, S000-30)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pt_BR")
        cls.partner.write({"vat": "529.982.247-25", "street": "Rua das Flores, 10"})
        cls.plan.write({"code": "FIB500-2026", "loyalty_months": 12})
        cls.text = cls.env.ref("contract_recurring.print_template_default")
        cls.contract = cls._create_contract(activation=date(2026, 3, 10))

    def _print(self, contract):
        return read_pdf(
            contract.with_context(force_report_rendering=True)._render_contract_pdf()
        )

    def _create_text(self, body, **values):
        return self.env["contract.print.template"].create(
            {"name": "Texto", "body": body, **values}
        )

    def test_placeholder_examples(self):
        failed, _tried = doctest.testmod(
            print_placeholders, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
        )
        self.assertFalse(failed)

    # === THE PAPER ===

    def test_pdf_says_what_was_agreed(self):
        words = self._print(self.contract)
        for expected in (
            "Maria da Silva",
            "529.982.247-25",
            self.contract.code,
            "Fibra 500",
            "FIB500-2026",
            "99,90",
            "12 meses",
            "09/03/2027",  # twelve months from 10/03/2026
            "LGPD",
            "Foro",
        ):
            self.assertIn(expected, words)

    def test_digest_of_the_text_stands_at_the_end(self):
        words = self._print(self.contract).replace(" ", "")
        self.assertIn(self.contract._get_print_digest(), words)

    def test_hours_are_printed_as_people_write_them(self):
        self.contract.write({"response_hours": 4, "repair_hours": 1.5})
        text = self.contract._render_print_text()
        self.assertIn("em até 4 horas", " ".join(text.split()))
        self.assertIn("em até 1,5 horas", " ".join(text.split()))

    def test_without_loyalty_the_text_says_so(self):
        self.contract.loyalty_months = 0
        text = self.contract._render_print_text()
        self.assertIn("não tem prazo de fidelidade", text)
        self.assertNotIn("multa proporcional", text)

    def test_note_is_printed_only_if_asked_for(self):
        self.contract.note = "Portão azul"
        self.assertNotIn("Portão azul", self._print(self.contract))
        self.contract.is_note_printed = True
        self.assertIn("Portão azul", self._print(self.contract))

    def test_guarantor_signs(self):
        self.contract.guarantor_id = self._create_customer("João Fiador")
        self.assertIn("João Fiador", self._print(self.contract))

    def test_button_prints(self):
        action = self.contract.action_print_contract()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(
            action["report_name"], "contract_recurring.report_contract_pages"
        )

    # === WHICH TEXT ===

    def test_plan_gives_the_text_to_its_contracts(self):
        text = self._create_text("<p>Só TV</p>")
        plan = self._create_plan(
            "TV", {self.television: 59.9}, print_template_id=text.id
        )
        contract = self._create_contract(plan=plan)
        self.assertEqual(contract.print_template_id, text)
        self.assertIn("Só TV", contract._render_print_text())

    def test_without_any_text_it_says_what_to_do(self):
        self.env["contract.print.template"].search([]).active = False
        with self.assertRaisesRegex(UserError, "no text to print"):
            self.contract.action_print_contract()

    def test_another_text_is_another_version(self):
        text = self._create_text("<p>Um</p>")
        self.assertEqual(text.version, 1)
        text.name = "Outro nome"
        self.assertEqual(text.version, 1)
        text.body = "<p>Dois</p>"
        self.assertEqual(text.version, 2)

    # === PLACEHOLDERS ===

    def test_values_are_escaped(self):
        self.partner.name = "<b>Silva</b>"
        text = self._create_text('<p><t t-out="object.partner_id.name"/></p>')
        self.contract.print_template_id = text
        self.assertIn("&lt;b&gt;Silva", self.contract._render_print_text())

    def test_lines_can_be_listed(self):
        self.contract.print_template_id = self._create_text(
            '<ul><li t-foreach="object.contract_line_ids" t-as="line">'
            '<t t-out="line.name"/></li></ul>'
        )
        self.assertIn("Internet 500 Mega", self.contract._render_print_text())

    def test_a_broken_placeholder_is_named_when_saved(self):
        for placeholder in (
            "object.partner_id.nome",
            "object.name.upper",
            "objeto.name",
            "object.",
        ):
            with (
                self.subTest(placeholder=placeholder),
                self.assertRaises(ValidationError) as caught,
            ):
                self._create_text(f'<p><t t-out="{placeholder}"/></p>')
            self.assertIn(placeholder, str(caught.exception))

    def test_a_text_reaches_nothing_but_values(self):
        for placeholder in (
            "object.unlink()",
            "object.env",
            "object.sudo().partner_id",
            "object._name",
            "env['res.users']",
            "user.login",
            "object.access_token",
            "object.partner_id.signup_token",
            "[1 for i in (1, 2)]",
            "object.contract_line_ids[0].name",
            "format_date.__globals__",
        ):
            with (
                self.subTest(placeholder=placeholder),
                self.assertRaises(ValidationError),
            ):
                self._create_text(f'<p><t t-out="{placeholder}"/></p>')

    def test_directives_that_run_code_are_refused(self):
        for body in (
            '<p t-att-class="object.name">x</p>',
            '<t t-set="a" t-value="object.name"/>',
            '<t t-call="web.login"/>',
            '<p t-field="object.name"/>',
        ):
            with self.subTest(body=body), self.assertRaises(ValidationError):
                self._create_text(body)

    def test_a_date_among_amounts_gives_a_clear_message(self):
        self.contract.print_template_id = self._create_text(
            '<p><t t-out="format_amount(object.date, object.currency_id)"/></p>'
        )
        with self.assertRaisesRegex(UserError, "“Texto”.*format_amount"):
            self.contract._render_print_text()

    def test_reader_prints_without_being_a_template_editor(self):
        reader = self._create_user("print_reader", "group_contract_reader")
        reader.group_ids -= self.env.ref("mail.group_mail_template_editor")
        contract = self.contract.with_user(reader)
        self.assertIn("99,90", str(contract._render_print_text()))
