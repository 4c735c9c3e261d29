import doctest
import io
from datetime import date

from lxml.html import fromstring

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..tools import number_words, print_placeholders
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

    def test_printed_address_follows_the_street_and_the_city(self):
        self.partner.write({"street": "Rua A, 1", "city": "Itu"})
        self.assertIn("Rua A", self.partner.printed_address)
        self.partner.street = "Rua B, 2"
        self.assertIn("Rua B", self.partner.printed_address)
        self.partner.city = "Jundiaí"
        self.assertIn("Jundiaí", self.partner.printed_address)

    def _create_text(self, body, **values):
        return self.env["contract.print.template"].create(
            {"name": "Texto", "body": body, **values}
        )

    def test_placeholder_examples(self):
        failed, _tried = doctest.testmod(
            print_placeholders, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
        )
        self.assertFalse(failed)

    def test_number_examples(self):
        failed, tried = doctest.testmod(number_words)
        self.assertFalse(failed)
        self.assertTrue(tried)

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

    # === THE TEXT FOLLOWS THE SETTINGS ===

    def _read_text(self):
        html = str(self.contract._render_print_text())
        words = " ".join(fromstring(html).text_content().replace("\xa0", " ").split())
        return words

    def test_late_payment_as_the_settings_say(self):
        words = self._read_text()
        self.assertIn("multa de 2% (dois por cento).", words)
        self.assertIn("de 1% (um por cento) ao mês", words)
        self.company.write({"late_fee_percent": 1.5, "late_interest_percent": 0.0})
        words = self._read_text()
        self.assertIn("multa de 1,5% (um vírgula cinco por cento).", words)
        self.assertNotIn("juros de mora", words)

    def test_price_in_words(self):
        self.company.currency_id = self.contract.currency_id = self.env.ref("base.BRL")
        self.assertIn("(noventa e nove reais e noventa centavos)", self._read_text())

    def test_suspension_as_the_settings_say(self):
        self.assertIn(
            "uma vez a cada 12 (doze) meses, por 30 (trinta) a 120 (cento e vinte) "
            "dias, sem custo.",
            self._read_text(),
        )
        self.company.write(
            {
                "contract_suspension_interval_months": 6,
                "contract_suspension_min_days": 15,
                "contract_suspension_max_days": 60,
            }
        )
        self.contract.suspension_fee = 20.0
        words = self._read_text()
        self.assertIn("a cada 6 (seis) meses, por 15 (quinze) a 60 (sessenta)", words)
        self.assertIn("(sessenta) dias, ao custo de", words)

    def test_index_of_the_contract(self):
        self.assertIn("variação do IPCA (IBGE) ou", self._read_text())
        self.contract.price_index_id = self.env["contract.price.index"].create(
            {"name": "Índice de Teste", "code": "TST"}
        )
        self.assertIn("variação do TST ou", self._read_text())

    def test_loyalty_penalty_of_the_contract(self):
        words = self._read_text()
        self.assertIn("por 12 (doze) meses", words)
        self.assertIn("não gera multa", words)
        self.contract.loyalty_penalty_amount = 300.0
        words = self._read_text()
        self.assertIn("gera multa de", words)
        self.assertIn("300,00", words)
        self.assertNotIn("não gera multa", words)

    def test_renewal_of_the_contract(self):
        self.assertIn("por prazo indeterminado", self._read_text())
        self.contract.write({"renewal_mode": "automatic", "renewal_months": 6})
        words = self._read_text()
        self.assertIn("automaticamente por períodos de 6 (seis) meses", words)
        self.assertNotIn("prazo indeterminado", words)

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
