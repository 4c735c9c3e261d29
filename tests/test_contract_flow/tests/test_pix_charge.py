from datetime import date

import pypdfium2
import zxingcpp

from odoo.exceptions import UserError
from odoo.tests import tagged

from .bank_common import PIX_KEY, SECRET, BankApiCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestPixCharge(BankApiCase):
    """Pix charges with a due date, over HTTP."""

    def test_charge_says_what_the_contract_says(self):
        title = self._register()
        self.assertRegex(title.txid, r"^[a-zA-Z0-9]{26,35}$")
        charge = self.simulator.charges[title.txid]
        self.assertEqual(
            charge["calendario"],
            {"dataDeVencimento": "2026-03-10", "validadeAposVencimento": 60},
        )
        self.assertEqual(
            charge["valor"],
            {
                "original": "99.90",
                "multa": {"modalidade": 2, "valorPerc": "2.00"},
                "juros": {"modalidade": 3, "valorPerc": "1.00"},
            },
        )
        self.assertEqual(charge["chave"], PIX_KEY)
        self.assertEqual(charge["devedor"]["cpf"], "52998224725")
        self.assertEqual(charge["devedor"]["uf"], "PR")

    def test_answer_registers_the_title(self):
        title = self._register()
        self.assertEqual(title.state, "registered")
        self.assertTrue(title.pix_copy_paste.startswith("000201"))
        self.assertFalse(title.barcode)
        instruction = title.instruction_ids
        self.assertEqual((instruction.state, instruction.attempts), ("confirmed", 1))
        self.assertEqual(len(self._get_events("registered")), 1)

    def test_job_run_twice_calls_once(self):
        title = self._register()
        title.instruction_ids._carry_out_by_api()
        self.assertEqual(len(self.simulator.accepted), 1)
        self.assertEqual(len(self._get_events("registered")), 1)

    def test_lost_answer_is_asked_about(self):
        title = self._issue()
        self.simulator.losing = True
        self.assertTrue(self._run(title.instruction_ids))
        instruction = title.instruction_ids
        self.assertEqual(instruction.state, "uncertain")
        self.assertEqual(title.state, "sent")
        self.simulator.losing = False
        self.assertTrue(self._run(instruction))  # the bank may still be at work
        self._outwait(instruction)
        instruction._carry_out_by_api()
        self.assertEqual(title.state, "registered")
        methods = [method for method, _path, _body in self.simulator.accepted]
        self.assertEqual(methods, ["PUT", "GET"])

    def test_lost_request_is_made_again(self):
        title = self._issue()
        self.simulator.statuses = [500]
        self.assertTrue(self._run(title.instruction_ids))
        self.assertEqual(title.instruction_ids.state, "uncertain")
        self._outwait(title.instruction_ids)
        title.instruction_ids._carry_out_by_api()
        methods = [method for method, _path, _body in self.simulator.accepted]
        self.assertEqual(methods, ["PUT"])
        self.assertEqual(title.state, "registered")

    def test_busy_bank_is_called_later(self):
        title = self._issue()
        self.simulator.statuses = [429]
        self.simulator.headers["Retry-After"] = "7"
        self.assertEqual(self._run(title.instruction_ids), 7)
        self.assertEqual(title.instruction_ids.state, "pending")
        self.assertEqual(title.state, "to_register")

    def test_expired_token_is_renewed(self):
        with self.account._open_bank() as session:
            backend = self.account._get_backend()
            backend._test(session)
            self.simulator.expire_tokens()
            backend._test(session)
        self.assertEqual(self.simulator.token_requests, 2)

    def test_one_token_serves_a_batch(self):
        other = self._bill_contract(date(2026, 3, 5))
        titles = self._issue() | self._issue(other)
        titles.instruction_ids._carry_out_by_api()
        self.assertEqual(titles.mapped("state"), ["registered", "registered"])
        self.assertEqual(self.simulator.token_requests, 1)

    def test_wrong_credentials_stop_the_account_with_words(self):
        other = self._bill_contract(date(2026, 3, 5))
        titles = self._issue() | self._issue(other)
        self.account.api_client_id = "outro"
        self.assertTrue(self._run(titles.instruction_ids))
        self.assertIn("refuses the credentials", self.account.api_problem)
        self.assertEqual(set(titles.instruction_ids.mapped("state")), {"pending"})
        self.assertEqual(self.simulator.token_requests, 1)
        self.account.api_client_id = self.simulator.client_id
        titles.instruction_ids._carry_out_by_api()
        self.assertFalse(self.account.api_problem)

    def test_refusal_is_told_in_words_and_needs_a_look(self):
        title = self._issue()
        self.account.pix_key = " "
        title.due_date = date(2026, 3, 1)
        title.instruction_ids._carry_out_by_api()
        self.assertEqual(title.state, "rejected")
        self.assertIn("due date is over", title.instruction_ids.message)
        self.assertEqual(len(self._get_events("rejected")), 1)
        self.assertFalse(self.simulator.accepted)

    def test_bank_is_not_reached(self):
        title = self._issue()
        self.account.api_simulator_url = "http://127.0.0.1:9"
        self.assertTrue(self._run(title.instruction_ids))
        self.assertEqual(title.instruction_ids.state, "pending")

    def test_terms_change_at_the_bank_first(self):
        title = self._register()
        self._instruct(title, "change_due_date", due_date=date(2026, 3, 20))
        self.assertEqual(title.due_date, date(2026, 3, 10))
        title.instruction_ids._carry_out_by_api()
        charge = self.simulator.charges[title.txid]
        self.assertEqual(charge["calendario"]["dataDeVencimento"], "2026-03-20")
        self.assertEqual(title.due_date, date(2026, 3, 20))
        self._instruct(
            title, "discount", amount=10.0, date_limit=date(2026, 3, 15)
        )._carry_out_by_api()
        self.assertEqual(
            charge["valor"]["desconto"],
            {
                "modalidade": 1,
                "descontoDataFixa": [{"data": "2026-03-15", "valorPerc": "10.00"}],
            },
        )
        self._instruct(title, "change_amount", amount=50.0)._carry_out_by_api()
        self.assertEqual(charge["valor"]["original"], "50.00")
        self.assertEqual(title.amount, 50.0)

    def test_page_shows_a_code_that_reads_back(self):
        title = self._register()
        page = pypdfium2.PdfDocument(title._render_pdf())[0]
        codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        self.assertEqual([code.text for code in codes], [title.pix_copy_paste])
        text = page.get_textpage().get_text_range()
        self.assertIn("Maria da Silva", text)
        self.assertIn("99", text)

    def test_invoice_is_paid_by_the_charge(self):
        title = self._register()
        slip = self.move._get_payment_slips()[0]
        self.assertEqual(slip["kind"], "pix")
        self.assertEqual(slip["pix"], title.pix_copy_paste)
        self.assertFalse(slip["pix_is_static"])
        self.assertFalse(slip["barcode"])
        files = self.move._get_payment_slip_files()
        self.assertTrue(files[0]["raw"].startswith(b"%PDF"))

    def test_boletos_and_charges_print_together(self):
        boletos = self._create_account("341")
        other = self._bill_contract(date(2026, 3, 5))
        other.payment_mode_id = self._create_payment_mode(boletos)
        titles = self._register() | self._issue(other)
        self.assertEqual(len(pypdfium2.PdfDocument(titles._render_pdf())), 2)

    def test_what_pix_does_not_know_is_said_before(self):
        title = self._register()
        self.assertTrue(title.may_print)
        dialog = self.env["collection.title.change"].create(
            {"title_ids": title.ids, "kind": "protest"}
        )
        self.assertIn("cannot do this", dialog.obstacle)
        with self.assertRaisesRegex(UserError, "Write it off"):
            dialog.action_apply()
        self.assertEqual(title.instruction_ids.kind, "register")

    def test_write_off_removes_the_charge(self):
        title = self._register()
        self._instruct(title, "write_off")._carry_out_by_api()
        self.assertEqual(
            self.simulator.charges[title.txid]["status"],
            "REMOVIDA_PELO_USUARIO_RECEBEDOR",
        )
        self.assertEqual(len(self._get_events("written_off")), 1)

    def test_secret_is_in_no_log_and_no_job(self):
        with self.assertLogs(level="DEBUG") as logs:
            title = self._issue()
            self.simulator.statuses = [400]
            title.instruction_ids._carry_out_by_api()
        self.assertNotIn(SECRET, "\n".join(logs.output))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM queue_job WHERE queue_job::text LIKE %s",
            [f"%{SECRET}%"],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.env.cr.execute(
            "SELECT count(*) FROM collection_account a WHERE a::text LIKE %s",
            [f"%{SECRET}%"],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.assertNotIn(SECRET, str(self.account.read()))
