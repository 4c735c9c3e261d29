from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.contract_fiscal_br.tools.collection_event import CollectionEvent

from .bank_common import PIX_KEY, TODAY
from .test_pix_automatic import AutomaticCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestPixAutomaticFirst(AutomaticCase):
    """One code pays the open invoice and agrees to Pix Automático (journey 3)."""

    def setUp(self):
        super().setUp()
        self.move.payment_mode_id = self.boleto_mode
        self.boleto = self._issue()

    def _offer_first(self, **values):
        """Return an offer, pressed; the bank was not called yet."""
        mandate = self._offer(journey="3", **values)
        jobs = mandate.with_context(queue_job__no_delay=False)
        jobs.action_offer()
        return mandate

    def _show_code(self):
        """Return an offer whose code the customer sees."""
        mandate = self._offer_first()
        self._run(mandate._get_first_charge().instruction_ids)
        self._call(mandate)
        return mandate

    def test_code_holds_the_invoice_and_the_recurrence(self):
        mandate = self._show_code()
        title = mandate._get_first_charge()
        charge = self.simulator.charges[title.txid]
        self.assertEqual(charge["valor"], {"original": "99.90"})
        self.assertEqual(charge["chave"], PIX_KEY)
        self.assertEqual(
            charge["devedor"], {"cpf": "52998224725", "nome": "Maria da Silva"}
        )
        # 02/03 09:00 in Brasília until the end of 10/03: 8 days and 15 hours
        seconds = charge["calendario"]["expiracao"]
        self.assertAlmostEqual(seconds, (8 * 24 + 15) * 3600, delta=120)
        rec = self.simulator.recs[mandate.recurrence_number]
        self.assertEqual(rec["ativacao"]["dadosJornada"], {"txid": title.txid})
        self.assertIn(title.txid, mandate.pix_copy_paste)
        self.assertEqual(mandate.state, "created")

    def test_code_takes_the_place_of_the_boleto(self):
        mandate = self._show_code()
        self.assertEqual(self.boleto.state, "cancelled")
        title = self.move._get_current_titles()
        self.assertEqual(title, mandate._get_first_charge())
        self.assertTrue(title._is_printable())
        self.assertEqual(title.pix_copy_paste, mandate.pix_copy_paste)

    def test_payment_settles_the_invoice_and_agrees(self):
        mandate = self._show_code()
        title = mandate._get_first_charge()
        pix = self.simulator.pay_and_agree(mandate.recurrence_number)
        self.account._follow_report({"pix": [[pix["endToEndId"], title.txid]]})
        self.env.invalidate_all()
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(title.state, "paid")
        self.assertEqual(mandate.state, "approved")
        self.assertEqual(len(self._get_events("paid")), 1)

    def test_customer_reads_what_the_code_does(self):
        self.partner.email = "maria@example.com"
        mandate = self._show_code()
        mandate.action_send()
        body = mandate.message_ids[0].body
        self.assertIn("99.90", body)
        self.assertIn(mandate.pix_copy_paste, body)

    def test_pressed_twice_makes_one_charge(self):
        mandate = self._offer_first()
        mandate.with_context(queue_job__no_delay=False).action_offer()
        self.assertEqual(len(mandate.title_ids), 1)

    def test_recurrence_waits_for_its_charge(self):
        mandate = self._offer_first()
        self.assertEqual(self._call(mandate), 60)
        self.assertFalse(self.simulator.recs)
        self.assertEqual(mandate.state, "draft")

    def test_charge_the_bank_refuses_is_told(self):
        mandate = self._offer_first()
        title = mandate._get_first_charge()
        self.simulator.statuses = [400]
        self._run(title.instruction_ids)
        self.assertEqual(title.state, "rejected")
        self._call(mandate)
        self.assertIn("did not take the charge", mandate.message)
        self.assertEqual(self.move._get_current_titles().account_id, self.boletos)

    def test_code_that_was_not_paid_gives_way_to_a_boleto(self):
        mandate = self._show_code()
        title = mandate._get_first_charge()
        self._go_to(date(2026, 3, 11))
        self._call(mandate, "ask")
        self.assertEqual(mandate.state, "created")
        self._go_to(date(2026, 3, 12))
        self._call(mandate, "ask")
        self.env.invalidate_all()
        self.assertEqual(mandate.state, "cancelled")
        self._run(title.instruction_ids.filtered(lambda i: i.kind == "write_off"))
        self.assertEqual(
            self.simulator.charges[title.txid]["status"],
            "REMOVIDA_PELO_USUARIO_RECEBEDOR",
        )
        self.assertEqual(title.state, "written_off")
        self.assertEqual(self.move._get_current_titles().account_id, self.boletos)

    def test_customer_who_says_no_gets_a_boleto(self):
        mandate = self._show_code()
        title = mandate._get_first_charge()
        self.simulator.reject(mandate.recurrence_number)
        self._call(mandate, "ask")
        self.env.invalidate_all()
        self._run(title.instruction_ids.filtered(lambda i: i.kind == "write_off"))
        self.assertEqual(self.move._get_current_titles().account_id, self.boletos)

    def test_offer_withdrawn_before_the_bank_knew(self):
        mandate = self._offer_first()
        mandate.action_cancel()
        self.assertEqual(mandate._get_first_charge().state, "cancelled")
        self.assertEqual(self.move._get_current_titles().account_id, self.boletos)
        self.assertFalse(self.simulator.charges)

    def test_invoice_paid_otherwise_removes_the_charge(self):
        mandate = self._show_code()
        title = mandate._get_first_charge()
        self.move.button_draft()
        self.move.button_cancel()
        self._run(title.instruction_ids.filtered(lambda i: i.kind == "write_off"))
        self.assertEqual(title.state, "written_off")

    def test_lost_answer_makes_no_second_charge(self):
        mandate = self._offer_first()
        title = mandate._get_first_charge()
        self.simulator.losing = True
        self.assertTrue(self._run(title.instruction_ids))
        self.simulator.losing = False
        self._outwait(title.instruction_ids)
        self._run(title.instruction_ids)
        self.assertEqual(title.state, "registered")
        puts = [one for one in self.simulator.accepted if one[0] == "PUT"]
        self.assertEqual(len(puts), 1)

    def test_without_an_open_invoice_it_says_what_to_do(self):
        self._go_to(date(2026, 3, 20))
        with self.assertRaisesRegex(UserError, "Choose the QR code alone"):
            self._offer_first(date_start=date(2026, 4, 10))
        self.assertTrue(self.boleto._is_current())

    def test_paid_boleto_is_not_replaced(self):
        paid = CollectionEvent(
            kind="paid",
            occurrence="06",
            occurred_on=TODAY,
            nosso_numero=self.boleto.nosso_numero,
            paid=Decimal("99.90"),
        )
        self.env["collection.event"]._receive(self.boletos, [paid])
        with self.assertRaisesRegex(UserError, "was paid"):
            self._offer_first()
