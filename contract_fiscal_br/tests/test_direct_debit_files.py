import base64
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .debit_common import DebitCase
from .test_cnab150 import answer, option, returned


@tagged("post_install", "-at_install")
class TestDirectDebitFiles(DebitCase):
    """A debit goes to the bank by file, and its answer comes back by file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = "maria@example.com"
        cls.authorization = cls._authorise(cls.contract)
        with freeze_time("2026-03-02"):
            cls.move = cls._bill(cls.contract)
        cls.title = cls.move.collection_title_ids

    @freeze_time("2026-03-04 12:00:00")
    def _send(self):
        return self.env["collection.remittance"]._start(self.debit_account)

    def _get_lines(self, remittance):
        content = base64.b64decode(remittance.content).decode()
        return content.split("\r\n")[:-1]

    def _answer(self, code="00", title=None, movement="0"):
        """Receive what the bank says of the title's debit."""
        title = title or self.title
        data = returned(
            answer(
                1,
                str(Decimal(str(title.amount))),
                code,
                day="20260310",
                own=self._get_reference(title),
                movement=movement,
            )
        )
        found = self.debit_account._get_driver()._read_return(self.debit_account, data)
        return self.env["collection.event"]._receive(
            self.debit_account, list(found.events)
        )

    def _get_reference(self, title):
        driver = self.debit_account._get_driver()
        return driver._prepare_order(title.instruction_ids[:1]).reference

    # === REMITTANCE ===

    def test_debit_goes_to_the_bank(self):
        remittance = self._send()
        header, debit, trailer = self._get_lines(remittance)
        self.assertEqual(header[:22], "A14444".ljust(22))
        self.assertEqual(header[42:45] + header[65:81], "756" + "2026030400000105")
        self.assertEqual(
            debit[:69],
            "E000000019".ljust(26) + "4340" + "6361692".ljust(14) + "20260310"
            f"{round(self.title.amount * 100):015d}" "03",
        )  # fmt: skip
        self.assertEqual(debit[129:], "2000052998224725    0")
        self.assertEqual(trailer[:7], "Z000003")
        self.assertEqual(self.title.state, "sent")
        self.assertEqual(remittance.filename, "DEB756040326_000001.REM")

    def test_debit_goes_by_the_number_of_its_invoice(self):
        number = self.move.name.replace("/", "")
        self.assertEqual(self.title.display_name, f"Debit {number}")
        self.assertEqual(self.authorization.title_count, 1)
        domain = self.authorization.action_view_titles()["domain"]
        self.assertEqual(self.env["collection.title"].search(domain), self.title)

    def test_ended_authorisation_is_offered_again(self):
        self.assertFalse(self.authorization.is_over)
        self.authorization.action_cancel()
        self.assertTrue(self.authorization.is_over)
        action = self.authorization.action_offer_again()
        model = self.env[action["res_model"]].with_context(**action["context"])
        other = model.create({})
        self.assertEqual(other.contract_id, self.contract)
        self.authorization.invalidate_recordset(["is_over"])
        self.assertFalse(self.authorization.is_over)

    def test_document_of_the_payer_is_readable(self):
        self.assertEqual(self.authorization.payer_vat, "529.982.247-25")

    def test_file_waits_until_the_debit_is_near(self):
        self.debit_account.debit_window_days = 3
        self.assertFalse(self._send())
        self.debit_account.debit_window_days = 6
        self.assertTrue(self._send())

    @freeze_time("2026-03-20 12:00:00")
    def test_debit_of_a_day_gone_by_moves_to_the_first_possible(self):
        self.env["collection.remittance"]._start(self.debit_account)
        # Friday 20/03 and two bank days
        self.assertEqual(self.title.debit_date, date(2026, 3, 24))

    def test_dialog_offers_what_waits_for_the_bank(self):
        Generate = self.env["collection.remittance.generate"]
        with freeze_time("2026-03-04 12:00:00"):
            self.assertIn(self.debit_account, Generate.create({}).account_ids)
            self._send()
            self.assertNotIn(self.debit_account, Generate.create({}).account_ids)
            self.authorization.action_cancel()
            wizard = Generate.create({})
            self.assertIn(self.debit_account, wizard.account_ids)
            wizard.account_ids = self.debit_account
            wizard.action_generate()
        message = self.env["direct.debit.message"].search([])
        self.assertEqual(message.state, "sent")

    def test_incomplete_authorisation_is_left_out(self):
        self.authorization.payer_vat = False
        remittance = self._send()
        self.assertEqual(
            (remittance.state, remittance.left_out_count), ("cancelled", 1)
        )
        self.assertIn("CPF", self.title.instruction_ids.message)

    def test_debit_sent_is_taken_back_by_another_record(self):
        self._send()
        self.title._instruct("write_off")
        debit = self._get_lines(self._send())[1]
        self.assertEqual((debit[0], debit[149]), ("E", "1"))
        self.assertEqual(debit[44:52], "20260310")

    @freeze_time("2026-03-05")
    def test_part_paid_otherwise_leaves_a_debit_of_the_rest(self):
        """A bank changes no amount of a debit: it is taken back and asked anew."""
        amount = self.title.amount
        self._send()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({"amount": 50.0, "payment_date": "2026-03-05"})._create_payments()
        self.assertEqual(self.title.withdrawal, "replaced")
        self.assertIn("write_off", self.title.instruction_ids.mapped("kind"))
        rest = self.move.collection_title_ids - self.title
        self.assertEqual(rest.state, "to_register")
        self.assertAlmostEqual(rest.amount, amount - 50)

    def test_debit_not_sent_is_taken_back_here(self):
        self.title._instruct("write_off")
        self.assertEqual(self.title.state, "cancelled")
        self.assertFalse(self._send())

    def test_authorisation_cancelled_goes_with_the_file(self):
        self._send()
        self.authorization.action_cancel()
        remittance = self._send()
        exclusion = self._get_lines(remittance)[1]
        self.assertEqual((exclusion[:10], exclusion[149]), ("D000000019", "1"))
        self.assertFalse(self._send())
        remittance.action_cancel()
        self.assertTrue(self._send())

    # === RETURN ===

    def test_debited(self):
        self._send()
        event = self._answer("00")
        self.assertEqual(event.title_id, self.title)
        self.assertEqual((event.kind, event.paid), ("paid", self.title.amount))
        self.assertEqual(event.credit_date, date(2026, 3, 10))

    def test_debit_pays_the_invoice(self):
        self._send()
        event = self._answer("00")
        event._settle()
        self.assertEqual((event.state, event.outcome), ("done", "settled"))
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self.title.state, "paid")

    def test_debits_are_told_as_debits(self):
        self._send()
        name = f"The debit {self.title.document_number} of {self.partner.name} was"
        self.assertIn(f"{name} not made: ", self._fail("05").story)
        event = self._answer("00")
        event._settle()
        self.assertIn(f"{name} paid ", event.story)

    def test_debit_of_no_title_of_ours_goes_to_suspense(self):
        data = returned(answer(1, "12.34", own="FATURA 0815"))
        found = self.debit_account._get_driver()._read_return(self.debit_account, data)
        event = self.env["collection.event"]._receive(
            self.debit_account, list(found.events)
        )
        event._settle()
        self.assertEqual(
            (event.outcome, event.suspense_amount), ("unknown_title", 12.34)
        )
        self.assertEqual(self.move.payment_state, "not_paid")

    def test_failed_debit_says_why_on_the_instruction(self):
        self._send()
        self._fail("05")
        instruction = self.title.instruction_ids
        self.assertEqual((self.title.state, instruction.state), ("rejected", "refused"))
        self.assertIn("acima do limite", instruction.message)

    def test_cancelled_debit_is_written_off(self):
        self._send()
        self.title._instruct("write_off")
        self._send()
        self._answer("99", movement="1")._settle()
        self.assertEqual(self.title.state, "written_off")
        self.assertEqual(
            set(self.title.instruction_ids.mapped("state")) - {"sent"}, {"confirmed"}
        )

    def test_failure_told_twice_is_followed_once(self):
        self._send()
        event = self._fail("01")
        event._settle()
        self.assertEqual(len(self.move.collection_title_ids), 2)

    def test_debited_on_another_day_is_debited(self):
        self.assertEqual(self._answer("31").kind, "paid")

    def test_refused_codes_pay_nothing(self):
        for code in ("01", "02", "05", "30", "96", "97", "99", "77"):
            with self.subTest(code):
                event = self._answer(code)
                self.assertFalse(event.paid)
                self.assertNotEqual(event.kind, "paid")

    def test_same_file_again_adds_nothing(self):
        self._answer("00")
        self.assertFalse(self._answer("00"))

    def test_other_agreement_is_refused_by_name(self):
        driver = self.debit_account._get_driver()
        with self.assertRaisesRegex(UserError, "agreement 5555, the account has 4444"):
            driver._read_return(self.debit_account, returned(agreement="5555"))
        with self.assertRaisesRegex(UserError, "Banco do Brasil"):
            driver._read_return(self.debit_account, returned(bank="001"))

    def test_damaged_total_is_refused_in_words(self):
        data = returned(answer(1, "1.00")).replace(b"Z00000300000", b"Z00000300001")
        with self.assertRaisesRegex(UserError, "Line 3: The debits add up to 1.00"):
            self.debit_account._get_driver()._read_return(self.debit_account, data)

    def test_return_tells_of_authorisations(self):
        found = self.debit_account._get_driver()._read_return(
            self.debit_account, returned(option("000000019", "1"))
        )
        self.assertFalse(found.events)
        self.assertEqual(found.options[0].client_id, "000000019")

    # === A WHOLE FILE ===

    def _import(self, *details, account=None):
        files = self.env["collection.return.file"]
        return files._import(returned(*details), "DEB756.RET", account)

    def _answer_line(self, code="00"):
        amount = str(Decimal(str(self.title.amount)))
        own = self._get_reference(self.title)
        return answer(1, amount, code, day="20260310", own=own)

    def test_file_finds_its_account_and_pays(self):
        self._create_account("756")
        self._send()
        file = self._import(self._answer_line())
        self.assertEqual(file.account_id, self.debit_account)
        self.assertEqual(self.move.payment_state, "paid")

    def test_file_opts_out_and_tells_what_the_bank_took(self):
        remittance = self._send()
        processed = f"J{remittance.file_number:06d}2026030400000300000000000009990"
        objection = (
            f"H{'000000019':<25}4340{'6361692':<14}{'':25}{'Conta encerrada':<58}"
            f"{'':22}1"
        )
        self._import(
            option("000000019", "1"), objection, f"{processed}{20260305}".ljust(150)
        )
        self.assertEqual(self.authorization.state, "cancelled")
        self.assertEqual(remittance.state, "acknowledged")
        self.assertIn("Conta encerrada", self.authorization.message_ids[:1].body)

    def test_file_that_fails_a_debit_goes_on_with_a_boleto(self):
        self.debit_account.debit_attempts = 1
        self._send()
        with freeze_time("2026-03-11 12:00:00"):
            self._import(self._answer_line("01"))
        boleto = self.move.collection_title_ids - self.title
        self.assertEqual(
            (self.title.state, boleto.account_id), ("rejected", self.account)
        )

    def test_damaged_file_leaves_nothing(self):
        self._send()
        data = returned(self._answer_line()).replace(b"F000000019", b"F000000027")
        with self.assertRaisesRegex(UserError, "do not belong together"):
            self.env["collection.return.file"]._import(
                data, "x.ret", self.debit_account
            )
        self.assertFalse(self.title.event_ids)
        self.assertEqual(self.move.payment_state, "not_paid")

    # === AFTER A FAILURE ===

    @freeze_time("2026-03-11 12:00:00")
    def _fail(self, code):
        event = self._answer(code)
        event._settle()
        return event

    def _get_contract_state(self):
        values = self.contract.read()[0]
        return {
            name: value
            for name, value in values.items()
            if "notice" not in name and "message" not in name
        }

    def test_no_funds_is_debited_once_more(self):
        self._send()
        self._fail("01")
        second = self.move.collection_title_ids - self.title
        self.assertEqual(second.debit_attempt, 2)
        self.assertEqual(self.move.payment_mode_id, self.debit_mode)
        # three bank days after Wednesday 11/03
        self.assertEqual(second.debit_date, date(2026, 3, 16))
        notice = self.env["contract.notice"].search(
            [("contract_id", "=", self.contract.id), ("kind", "=", "charge_failed")]
        )
        self.assertIn("insuficiência de fundos", notice.body)

    def test_after_the_last_attempt_comes_a_boleto(self):
        self.debit_account.debit_attempts = 1
        self._send()
        self._fail("01")
        boleto = self.move.collection_title_ids - self.title
        self.assertEqual(boleto.account_id, self.account)
        self.assertTrue(boleto.barcode)
        self.assertEqual(self.authorization.state, "authorised")

    def test_closed_account_ends_the_authorisation(self):
        self._send()
        self._fail("15")
        self.assertEqual(self.authorization.state, "refused")
        self.assertIn("conta inválida", self.authorization.reason)
        boleto = self.move.collection_title_ids - self.title
        self.assertEqual(boleto.account_id, self.account)

    def test_failure_leaves_the_contract_as_it_was(self):
        self._send()
        before = self._get_contract_state()
        self._fail("01")
        self.env.invalidate_all()
        self.assertEqual(self._get_contract_state(), before)
