import doctest
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.contract_fiscal_br.tools import pix_automatic
from odoo.addons.queue_job.exception import RetryableJobError

from .bank_common import TODAY, BankApiCase


class AutomaticCase(BankApiCase):
    """A contract that was offered Pix Automático; boletos are agreed."""

    backend = "pix_automatic"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boletos = cls._create_account("341")
        cls.boleto_mode = cls._create_payment_mode(cls.boletos)
        cls.account.debit_fallback_mode_id = cls.boleto_mode
        cls.company.contract_payment_mode_id = cls.boleto_mode
        cls.account.is_mass = True
        cls.contract = cls.move.contract_charge_ids.contract_id

    def _offer(self, **values):
        mandates = self.env["pix.mandate"]
        prepared = mandates._prepare_offer(self.contract, self.account)
        return mandates.create(prepared | values)

    def _call(self, mandate, step="create"):
        try:
            mandate._call_bank(step)
        except RetryableJobError as error:
            return error.seconds
        return None

    def _approve(self, **values):
        mandate = self._offer(**values)
        self._call(mandate)
        self.simulator.approve(mandate.recurrence_number)
        self._call(mandate, "ask")
        return mandate

    def _bill_april(self):
        """Return the April invoice; due on the 10th."""
        self._bill_month(date(2026, 4, 10))
        move = self.contract.charge_ids.move_id.sorted("id")[-1]
        self.assertEqual(move.invoice_date_due, date(2026, 4, 10))
        return move

    def _go_to(self, day, hour=12):
        self.enterContext(freeze_time(f"{day} {hour}:00:00", tick=True))
        self.simulator.today = day

    def _send_charge(self, move):
        """Return the title of an invoice, sent to the bank."""
        title = move.collection_title_ids
        self._run(title.instruction_ids)
        return title


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestPixMandate(AutomaticCase):
    """Offering Pix Automático, over HTTP."""

    def test_examples(self):
        self.assertFalse(doctest.testmod(pix_automatic).failed)

    def test_offer_says_what_the_contract_says(self):
        mandate = self._offer()
        self._call(mandate)
        rec = self.simulator.recs[mandate.recurrence_number]
        self.assertEqual(rec["vinculo"]["contrato"], self.contract.code)
        self.assertEqual(rec["vinculo"]["objeto"], "Fibra 500")
        self.assertEqual(
            rec["vinculo"]["devedor"], {"cpf": "52998224725", "nome": "Maria da Silva"}
        )
        self.assertEqual(
            rec["calendario"],
            {"dataInicial": "2026-04-10", "periodicidade": "MENSAL"},
        )
        self.assertEqual(rec["politicaRetentativa"], "PERMITE_3R_7D")
        self.assertNotIn("valor", rec)
        self.assertEqual(mandate.state, "created")
        self.assertTrue(mandate.pix_copy_paste.startswith("000201"))
        self.assertTrue(mandate.pix_qr)

    def test_fixed_amount_and_least_limit(self):
        mandate = self._offer(is_fixed=True, amount=99.90)
        self._call(mandate)
        rec = self.simulator.recs[mandate.recurrence_number]
        self.assertEqual(rec["valor"], {"valorRec": "99.90"})
        self._call(mandate, "cancel")
        other = self._offer(amount_minimum=150)
        self._call(other)
        rec = self.simulator.recs[other.recurrence_number]
        self.assertEqual(rec["valor"], {"valorMinimoRecebedor": "150.00"})

    def test_lost_answer_makes_no_second_recurrence(self):
        mandate = self._offer()
        self.simulator.faulty_methods = {"POST"}
        self.simulator.losing = True
        mandate.location_number = "1"
        self.simulator.locrecs[1] = {"id": 1, "location": "pix.example.com/rec/1"}
        self.assertTrue(self._call(mandate))
        self.assertTrue(mandate.is_uncertain)
        self.assertEqual(len(self.simulator.recs), 1)
        self.simulator.losing = False
        self._call(mandate)
        self.assertEqual(len(self.simulator.recs), 1)
        self.assertEqual(mandate.state, "created")
        self.assertFalse(mandate.is_uncertain)

    def test_code_that_did_not_come_is_asked_for_again(self):
        mandate = self._offer()
        self.simulator.faulty_methods = {"GET"}
        self.simulator.statuses = [503]
        self.assertTrue(self._call(mandate))
        self.assertEqual(mandate.state, "created")
        self._call(mandate)
        self.assertTrue(mandate.pix_copy_paste)
        self.assertEqual(len(self.simulator.recs), 1)

    def test_request_in_the_app(self):
        mandate = self._offer(
            journey="1", payer_ispb="00000000", payer_branch="1", payer_account="123"
        )
        self._call(mandate)
        request = self.simulator.requests_rec[mandate.request_number]
        self.assertEqual(request["idRec"], mandate.recurrence_number)
        self.assertEqual(
            request["destinatario"],
            {
                "cpf": "52998224725",
                "ispbParticipante": "00000000",
                "agencia": "1",
                "conta": "123",
            },
        )

    def test_open_charge_and_agreement_in_one_code(self):
        charges = self._create_api_account(backend="pix_api")
        charges.api_simulator_url = self.simulator.url
        self.move.payment_mode_id = self._create_payment_mode(charges)
        title = self._register()
        mandate = self._offer(journey="4")
        self._call(mandate)
        self.assertIn(title.txid, mandate.pix_copy_paste)

    def test_approval_by_report(self):
        mandate = self._offer()
        self._call(mandate)
        self.simulator.approve(mandate.recurrence_number)
        references = {"recurrences": [[mandate.recurrence_number]]}
        self.account._follow_report(references)
        self.assertEqual(mandate.state, "approved")
        self.assertEqual(mandate.approved_on, TODAY)
        self.assertEqual(self.contract._get_payment_mode(), self.mode)

    def test_customer_says_no(self):
        mandate = self._offer()
        self._call(mandate)
        self.simulator.reject(mandate.recurrence_number)
        self._call(mandate, "ask")
        self.assertEqual(mandate.state, "rejected")
        self.assertEqual(mandate.reason, "Rejeitada pelo usuário pagador (AP13)")
        self.assertEqual(self.contract._get_payment_mode(), self.boleto_mode)
        self.assertFalse(self.contract.pix_mandate_id)

    def test_customer_ends_it_in_the_app(self):
        mandate = self._approve()
        self.simulator.revoke(mandate.recurrence_number)
        self._call(mandate, "ask")
        self.assertEqual(mandate.state, "cancelled")
        self.assertIn("Solicitado pelo pagador", mandate.reason)
        self.assertIn("Pix Automático ended", self.contract.message_ids[0].body)

    def test_company_ends_it(self):
        mandate = self._approve()
        mandate.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(mandate.state, "cancelled")
        status = self.simulator.recs[mandate.recurrence_number]["status"]
        self.assertEqual(status, "CANCELADA")

    def test_new_offer_proposes_what_the_contract_says(self):
        mandates = self.env["pix.mandate"]
        self.assertEqual(mandates.new({}).display_name, "Pix Automático")
        mandate = mandates.new({"contract_id": self.contract.id})
        mandate.account_id = self.account
        mandate._onchange_contract_id()
        self.assertEqual(mandate.subject, "Fibra 500")
        self.assertEqual(mandate.date_start, date(2026, 4, 10))

    def test_one_live_offer_for_a_contract(self):
        self._offer()
        action = self.contract.action_offer_pix_automatic()
        self.assertEqual(action["res_id"], self.contract.pix_mandate_id.id)

    def test_refusal_of_the_bank_is_shown(self):
        mandate = self._offer(date_start=date(2026, 3, 1))
        self._call(mandate)
        self.assertEqual(mandate.state, "draft")
        self.assertIn("dataInicial", mandate.message)

    def test_nobody_approves_instead_of_the_customer(self):
        clerk = self._create_user("clerk", "group_contract_billing")
        mandate = self._offer().with_user(clerk)
        with self.assertRaises(AccessError):
            mandate.state = "approved"
        mandate.subject = "Internet"
        self._call(mandate.sudo())
        with self.assertRaisesRegex(UserError, "was asked already"):
            mandate.subject = "TV"

    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Outra"})
        clerk = self._create_user("clerk", "group_contract_billing")
        clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        mandate = self._offer()
        found = self.env["pix.mandate"].with_user(clerk).search([])
        self.assertNotIn(mandate, found)
        with self.assertRaises(AccessError):
            mandate.with_user(clerk).action_cancel()

    def test_clerk_without_the_right_is_refused(self):
        reader = self._create_user("reader", "group_contract_reader")
        mandate = self._offer()
        for name in ("action_offer", "action_cancel", "action_send"):
            with self.assertRaisesRegex(UserError, "may offer"):
                getattr(mandate.with_user(reader), name)()


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestPixAutomaticCharge(AutomaticCase):
    """Charges of Pix Automático, over HTTP."""

    def setUp(self):
        super().setUp()
        self.mandate = self._approve()
        self.april = self._bill_april()

    def test_charge_waits_for_its_days(self):
        title = self.april.collection_title_ids
        self.assertEqual(title.account_id, self.account)
        self.assertEqual(title.pix_mandate_id, self.mandate)
        self.assertFalse(self.simulator.cobrs)
        instruction = title.instruction_ids
        self.assertIn("03/31/2026", instruction.message)
        backend = self.account._get_backend()
        self._go_to(date(2026, 3, 30))
        self.assertFalse(backend._is_due(instruction))
        self._go_to(date(2026, 3, 31))
        self.assertTrue(backend._is_due(instruction))

    def test_charge_says_what_the_invoice_says(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        charge = self.simulator.cobrs[title.txid]
        self.assertEqual(charge["idRec"], self.mandate.recurrence_number)
        self.assertEqual(charge["calendario"]["dataDeVencimento"], "2026-04-10")
        self.assertEqual(charge["valor"], {"original": "99.90"})
        self.assertEqual(charge["recebedor"]["conta"], "4172701")
        self.assertTrue(charge["ajusteDiaUtil"])
        self.assertEqual(title.state, "registered")

    def test_debit_pays_the_invoice_once(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.schedule(title.txid)
        self._go_to(date(2026, 4, 10))
        cobr = self.simulator.debit(title.txid)
        self.account._follow_report({"charges": [[title.txid]]})
        self.account._follow_report(
            {"pix": [[cobr["pix"][0]["endToEndId"], title.txid]]}
        )
        self.account._ask_since()
        self.assertEqual(len(self._get_events("paid")), 1)
        self.assertEqual(self.april.payment_state, "paid")
        self.assertEqual(title.state, "paid")

    def test_no_money_is_tried_again_within_seven_days(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.schedule(title.txid)
        days = []
        for day in (11, 14, 15, 16):
            self._go_to(date(2026, 4, day))
            self.simulator.fail_debit(title.txid)
            self.account._ask_about(title.ids)
            days.append(
                self.simulator.cobrs[title.txid]["tentativas"][-1]["dataLiquidacao"]
            )
        # Friday the 10th; tries on Monday, Wednesday and Thursday, then no more
        self.assertEqual(days, ["2026-04-13", "2026-04-15", "2026-04-16", "2026-04-16"])
        self.assertEqual(len(self.simulator.cobrs[title.txid]["tentativas"]), 4)

    def test_customer_reads_the_day_of_another_try(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.schedule(title.txid)
        self._go_to(date(2026, 4, 11))
        self.simulator.fail_debit(title.txid)
        self.account._ask_about(title.ids)
        bodies = "".join(title.message_ids.mapped("body"))
        self.assertIn("04/13/2026", bodies)
        self.assertNotIn("2026-04-13", bodies)

    def test_fine_and_interest_leave_the_cycle_to_the_service(self):
        """The bank takes one charge for each cycle: not the one of R$ 3.05."""
        self.assertFalse(self.april._is_of_late_charges())
        self.assertTrue(self.april._needs_boleto() or self.april.collection_title_ids)
        charges = self.april.sudo().contract_charge_ids
        self.env.cr.execute(
            "UPDATE contract_charge SET kind = 'fine' WHERE id IN %s", [charges._ids]
        )
        charges.invalidate_recordset(["kind"])
        self.assertTrue(self.april._is_of_late_charges())
        self.april.collection_title_ids._withdraw("replaced", "")
        self.assertFalse(self.april._needs_boleto())
        self.april._issue_wanted_titles(TODAY)
        self.assertEqual(self.april._get_current_titles().account_id, self.boletos)

    def test_ended_offer_is_offered_again(self):
        self.assertFalse(self.mandate.is_over)
        self.mandate.action_cancel()
        self.env.invalidate_all()
        self.assertTrue(self.mandate.is_over)
        action = self.mandate.action_offer_again()
        self.assertEqual(action["context"]["default_contract_id"], self.contract.id)

    def test_asking_twice_plans_one_try(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.schedule(title.txid)
        self._go_to(date(2026, 4, 13))
        self.simulator.fail_debit(title.txid)
        self.account._ask_about(title.ids)
        self.account._ask_about(title.ids)
        self.assertEqual(len(self.simulator.cobrs[title.txid]["tentativas"]), 2)

    def test_charge_that_expires_is_collected_by_boleto(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.schedule(title.txid)
        self._go_to(date(2026, 4, 9))
        self.simulator.fail_debit(title.txid, final=True)
        self.account._ask_about(title.ids)
        self.assertEqual(title.state, "written_off")
        ended = title.event_ids.filtered(lambda event: event.outcome == "written_off")
        self.assertIn("ended the Pix Automático", ended.story)
        boleto = self.april.collection_title_ids - title
        self.assertEqual(boleto.account_id, self.boletos)
        self.assertTrue(boleto.barcode)
        self.assertEqual(self.april.payment_mode_id, self.boleto_mode)
        notice = self.env["contract.notice"].search([("kind", "=", "charge_failed")])
        self.assertEqual(notice.failure_reason, "Saldo insuficiente (AM02)")

    def test_charge_the_bank_refuses_is_collected_by_boleto(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.refuse_charge(title.txid)
        self.account._ask_about(title.ids)
        boleto = self.april.collection_title_ids - title
        self.assertEqual(boleto.account_id, self.boletos)
        self.assertEqual(title._get_failure_reason(), "Conta encerrada (AC05)")

    def test_other_amount_than_agreed_is_collected_by_boleto(self):
        self.mandate.action_cancel()
        self._approve(is_fixed=True, amount=50.0)
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.assertFalse(self.simulator.cobrs)
        self.assertEqual(title.state, "rejected")
        boleto = self.april.collection_title_ids - title
        self.assertEqual(boleto.account_id, self.boletos)

    def test_too_late_to_send_is_collected_by_boleto(self):
        self._go_to(date(2026, 4, 9))
        title = self._send_charge(self.april)
        self.assertEqual(title.state, "rejected")
        boleto = self.april.collection_title_ids - title
        self.assertEqual(boleto.account_id, self.boletos)

    def test_customer_who_ends_it_gets_a_boleto(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        self.simulator.revoke(self.mandate.recurrence_number)
        self._call(self.mandate, "ask")
        self.env.invalidate_all()
        self.assertEqual(title.state, "written_off")
        boleto = self.april.collection_title_ids - title
        self.assertEqual(boleto.account_id, self.boletos)

    def test_cancelled_until_the_evening_before(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        instruction = self._instruct(title, "write_off")
        self._go_to(date(2026, 4, 10), hour=1)  # 22:00 of the 9th in Brasília
        self._run(instruction)
        self.assertEqual(instruction.state, "refused")
        self.assertIn("22:00", instruction.message)
        self._go_to(date(2026, 4, 9), hour=23)  # 20:00
        again = self._instruct(title, "write_off")
        self._run(again)
        self.assertEqual(again.state, "confirmed")
        self.assertEqual(self.simulator.cobrs[title.txid]["status"], "CANCELADA")

    def test_lost_answer_makes_no_second_charge(self):
        self._go_to(date(2026, 4, 1))
        self.simulator.losing = True
        title = self.april.collection_title_ids
        self.assertTrue(self._run(title.instruction_ids))
        self.simulator.losing = False
        title.instruction_ids.attempted_at = "2026-04-01 08:00:00"
        self._run(title.instruction_ids)
        self.assertEqual(title.state, "registered")
        self.assertEqual(len(self.simulator.cobrs), 1)

    def test_part_paid_otherwise_makes_another_charge(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        title._follow_residual(50.0)
        self.assertEqual(title.withdrawal, "replaced")
        self.assertEqual(
            title.instruction_ids.sorted("id").mapped("kind"), ["register", "write_off"]
        )

    def test_charge_cannot_change(self):
        self._go_to(date(2026, 4, 1))
        title = self._send_charge(self.april)
        instruction = self._instruct(title, "change_amount", amount=10.0)
        self._run(instruction)
        self.assertEqual(instruction.state, "refused")
        self.assertEqual(title.amount, 99.90)
