import logging
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .bank_common import BankApiCase
from .boleto_api_conformance import BoletoApiCases


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestSicoobBoleto(BoletoApiCases, BankApiCase):
    """Sicoob's “Cobrança Bancária v3”."""

    bank = "756"

    def _count_boletos(self):
        return len(self.simulator.sicoob)

    def _pay(self, title, amount):
        self.simulator.pay_sicoob(title.bank_reference, amount)

    def test_terms_are_sent(self):
        self._register_fully()
        boleto = self.simulator.sicoob[0]
        self.assertEqual(boleto["valor"], 99.9)
        self.assertEqual(boleto["dataVencimento"], "2026-03-10")
        self.assertEqual(boleto["dataLimitePagamento"], "2026-05-09")
        self.assertEqual((boleto["tipoMulta"], boleto["valorMulta"]), (2, 2.0))
        self.assertEqual((boleto["tipoJurosMora"], boleto["valorJurosMora"]), (2, 1.0))
        self.assertEqual(boleto["codigoCadastrarPIX"], 1)
        self.assertEqual(boleto["numeroCliente"], 229385)

    def test_part_paid_otherwise_is_replaced(self):
        """Sicoob's API changes no amount: the old boleto would ask for too much."""
        self.account.is_mass = True
        title = self._register()
        title._follow_residual(50.0)
        self.assertEqual(title.withdrawal, "replaced")
        self.assertTrue(self.move._get_current_titles() - title)

    def test_due_date_and_discount_change_at_the_bank(self):
        title = self._register_fully()
        self._run(self._instruct(title, "change_due_date", due_date=date(2026, 3, 20)))
        self.assertEqual(self.simulator.sicoob[0]["dataVencimento"], "2026-03-20")
        self.assertEqual(title.due_date, date(2026, 3, 20))
        self._run(
            self._instruct(title, "discount", amount=5.0, date_limit=date(2026, 3, 15))
        )
        self.assertEqual(self.simulator.sicoob[0]["valorPrimeiroDesconto"], 5.0)

    def test_payer_is_in_no_log(self):
        title = self._issue()
        self.simulator.faulty_methods = {"POST"}
        self.simulator.losing = True
        with self.assertLogs(level="DEBUG") as logs:
            self._run(title.instruction_ids)
            self._outwait(title.instruction_ids)
            self._run(title.instruction_ids)
        self.assertEqual(title.state, "registered")
        self.assertNotIn("52998224725", "\n".join(logs.output))
        # it would log addresses, of which the payer's CPF is a part
        self.assertFalse(logging.getLogger("httpx").isEnabledFor(logging.INFO))

    def test_changes_wait_for_the_registration(self):
        title = self._issue()
        self.simulator.statuses = [429]
        self._run(title.instruction_ids)
        change = self._instruct(title, "change_due_date", due_date=date(2026, 3, 20))
        self.assertTrue(self._run(change))
        self.assertEqual(change.state, "pending")
        self._run(title.instruction_ids)
        self.assertEqual(title.due_date, date(2026, 3, 20))

    def test_bank_lists_no_payments_so_titles_are_asked_about(self):
        title = self._register_fully()
        backend = self.account._get_backend()
        self.assertEqual(backend._get_doubtful(self.account, 10), title)


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestInterBoleto(BoletoApiCases, BankApiCase):
    """Inter's “Cobrança v3”."""

    bank = "077"

    def _count_boletos(self):
        return len(self.simulator.inter)

    def _finish(self, title):
        self.simulator.inter_finish()
        self._run(title.instruction_ids)

    def _pay(self, title, amount):
        self.simulator.pay_inter(title.bank_reference, amount)

    def test_request_taken_in_is_no_registration(self):
        title = self._issue()
        self.assertTrue(self._run(title.instruction_ids))
        self.assertEqual(title.instruction_ids.state, "sent")
        self.assertEqual(title.state, "sent")
        self.assertFalse(title.barcode)

    def test_payments_are_listed(self):
        title = self._register_fully()
        self._pay(title, 101.95)
        self.account._ask_since()
        self.assertEqual(self._get_events("paid").paid, 101.95)
        self.assertTrue(self.account.asked_until)

    def test_payment_listed_days_later_is_found(self):
        """Paid at another bank on the 2nd, listed on the 4th; the bank was asked at
        22:30 of the 3rd, which is the 4th in UTC."""
        title = self._register_fully()
        self._pay(title, 99.90)
        self.account.asked_until = "2026-03-04 01:30:00"
        with freeze_time("2026-03-04 01:45:00"):
            self.account._ask_since()
        self.assertEqual(self._get_events("paid").title_id, title)

    def test_what_the_api_cannot_do_is_said(self):
        title = self._register_fully()
        instruction = self._instruct(
            title, "change_due_date", due_date=date(2026, 3, 20)
        )
        self._run(instruction)
        self.assertEqual(instruction.state, "refused")
        self.assertIn("issue another one", instruction.message)
        self.assertEqual(title.due_date, date(2026, 3, 10))
