import pypdfium2
import zxingcpp

from odoo.exceptions import UserError

from .bank_common import TODAY


class BoletoApiCases:
    """What every bank's API of boletos must do; one subclass for each bank."""

    backend = "bank_api"
    allow_inherited_tests_method = True

    def _count_boletos(self):
        raise NotImplementedError()

    def _pay(self, title, amount):
        raise NotImplementedError()

    def _finish(self, title):
        """Let the bank finish a registration it only took in."""

    def _register_fully(self):
        title = self._issue()
        self._run(title.instruction_ids)
        self._finish(title)
        return title

    def test_bank_gives_number_barcode_and_pix(self):
        title = self._register_fully()
        self.assertEqual(title.state, "registered")
        self.assertRegex(title.barcode, rf"^{self.bank}9\d{{40}}$")
        self.assertTrue(title.digitable_line)
        self.assertTrue(title.pix_copy_paste)
        self.assertTrue(title.bank_reference)
        self.assertNotEqual(title.nosso_numero, "1")

    def test_unregistered_boleto_is_not_printed(self):
        title = self._issue()
        with self.assertRaisesRegex(UserError, "not registered at the bank yet"):
            title._render_pdf()

    def test_printed_boleto_carries_the_banks_barcode(self):
        title = self._register_fully()
        pdf = title._render_pdf()
        self.assertEqual(self._read_codes(pdf), {title.barcode, title.pix_copy_paste})

    def _read_codes(self, pdf):
        """Return what an independent reader sees."""
        codes = set()
        for page in pypdfium2.PdfDocument(pdf):
            picture = page.render(scale=4).to_pil()
            codes |= {code.text for code in zxingcpp.read_barcodes(picture)}
        return codes

    def test_lost_answer_makes_no_second_boleto(self):
        title = self._issue()
        self.simulator.faulty_methods = {"POST"}
        self.simulator.losing = True
        self.assertTrue(self._run(title.instruction_ids))
        self.assertEqual(title.instruction_ids.state, "uncertain")
        self.assertEqual(self._count_boletos(), 1)
        self._outwait(title.instruction_ids)
        self._run(title.instruction_ids)
        self._finish(title)
        self.assertEqual(title.state, "registered")
        self.assertEqual(self._count_boletos(), 1)

    def test_request_that_never_came_is_made_again(self):
        title = self._issue()
        self.simulator.statuses = [503]
        self.assertTrue(self._run(title.instruction_ids))
        self.assertEqual(self._count_boletos(), 0)
        self._outwait(title.instruction_ids)
        self._run(title.instruction_ids)
        self.assertEqual(self._count_boletos(), 1)

    def test_slow_bank_is_waited_for(self):
        title = self._issue()
        self.simulator.delay_s = 1
        self._run(title.instruction_ids)
        self.assertEqual(self._count_boletos(), 1)

    def test_payment_is_found_by_asking(self):
        title = self._register_fully()
        self._pay(title, 99.90)
        self.account._ask_about(title.ids)
        event = self._get_events("paid")
        self.assertEqual((event.title_id, event.paid), (title, 99.90))
        self.assertEqual(event.occurred_on, TODAY)
        self.account._ask_about(title.ids)
        self.assertEqual(len(self._get_events("paid")), 1)

    def test_write_off(self):
        title = self._register_fully()
        self._run(self._instruct(title, "write_off"))
        self.assertEqual(len(self._get_events("written_off")), 1)
        self.account._ask_about(title.ids)
        self.assertEqual(title.instruction_ids[:1].state, "confirmed")

    def test_connection_is_tested_with_words(self):
        action = self.account.action_test_connection()
        self.assertIn("accepts the credentials", action["params"]["message"])
        self.account.api_client_id = "outro"
        with self.assertRaisesRegex(UserError, "refuses the credentials"):
            self.account.action_test_connection()

    def test_missing_address_is_refused_before_the_bank_is_asked(self):
        title = self._issue()
        self.partner.zip = "123"
        title.instruction_ids._carry_out_by_api()
        self.assertEqual(title.state, "rejected")
        self.assertIn("cep", title.instruction_ids.message)
        self.assertEqual(self._count_boletos(), 0)
