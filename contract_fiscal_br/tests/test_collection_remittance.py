import base64
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import CollectionCase

CONTENT = b"REMESSA\xe7\r\n"


@tagged("post_install", "-at_install")
class TestCollectionRemittance(CollectionCase):
    """Choosing, keeping and undoing, whatever the layout."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()
        cls.move = cls._bill_contract(date(2026, 3, 1))
        cls.title = cls.move.collection_title_ids
        cls.written = []
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["collection.bank.341"],
                "_write_cnab400",
                cls._write,
                create=True,
            )
        )

    @staticmethod
    def _write(driver, account, instructions, file_number, generated_at):
        TestCollectionRemittance.written.append((instructions, file_number))
        return CONTENT

    def _start(self):
        return self.env["collection.remittance"]._start(self.account)

    def test_new_title_goes_out_once(self):
        remittance = self._start()
        self.assertEqual(remittance.state, "generated")
        self.assertEqual(self.title.state, "sent")
        self.assertEqual(self.title.instruction_ids.state, "sent")
        self.assertEqual(self.title.instruction_ids.remittance_id, remittance)
        self.assertEqual((remittance.new_count, remittance.change_count), (1, 0))
        self.assertEqual(remittance.new_amount, self.title.amount)
        self.assertFalse(self._start())

    def test_same_bytes_are_handed_out(self):
        remittance = self._start()
        self.assertEqual(base64.b64decode(remittance.content), CONTENT)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", remittance._name),
                ("res_id", "=", remittance.id),
                ("res_field", "=", "content"),
            ]
        )
        self.assertEqual(attachment.raw, CONTENT)
        # personal data, which nobody searches: not in the database as well
        self.assertFalse(attachment.index_content)

    def test_file_numbers_are_never_used_again(self):
        first = self._start()
        first.action_cancel()
        second = self._start()
        self.assertEqual((first.file_number, second.file_number), (1, 2))
        with self.assertRaisesRegex(UserError, "Choose a greater one"):
            self.account.next_file_number = 2

    def test_cancelled_file_lets_its_instructions_wait_again(self):
        self._start().action_cancel()
        self.assertEqual(self.title.state, "to_register")
        self.assertEqual(self.title.instruction_ids.state, "pending")

    def test_cancelled_file_is_handed_out_no_more(self):
        """Uploaded after all, its boletos would be registered twice."""
        remittance = self._start()
        remittance.filename = "CB010301.REM"
        self.assertIn(remittance.filename, remittance.action_download()["url"])
        remittance.action_cancel()
        with self.assertRaisesRegex(UserError, "go with another file"):
            remittance.action_download()

    def test_file_refused_by_the_bank_lets_them_wait_again(self):
        remittance = self._start()
        remittance.action_mark_sent()
        remittance.action_mark_refused()
        self.assertEqual(self.title.instruction_ids.state, "pending")

    def test_uploaded_file_is_not_cancelled(self):
        remittance = self._start()
        remittance.action_mark_sent()
        with self.assertRaisesRegex(UserError, "Sent to the Bank"):
            remittance.action_cancel()

    def test_same_asked_for_again_is_sent_once(self):
        remittance = self._start()
        self.title._instruct("register")
        remittance.action_cancel()
        self.assertEqual(
            self.title.instruction_ids.sorted("id").mapped("state"),
            ["cancelled", "pending"],
        )

    def test_payer_without_address_is_left_out_and_the_others_go(self):
        partner = self._create_customer("Sem Endereço")
        other = self._bill_contract(date(2026, 3, 1), partner=partner)
        partner.write({"vat": False, "street": False})
        preview = self.account._preview_remittance()
        self.assertEqual(preview["values"]["new_count"], 1)
        self.assertEqual(preview["values"]["left_out_count"], 1)
        remittance = self._start()
        self.assertEqual(remittance.instruction_ids, self.title.instruction_ids)
        left_out = other.collection_title_ids.instruction_ids
        self.assertEqual(left_out.state, "pending")
        self.assertIn("CPF or CNPJ of Sem Endereço", left_out.message)

    def test_nothing_but_refused_titles_makes_no_file(self):
        self.partner.vat = "529.982.247-26"
        remittance = self._start()
        self.assertEqual((remittance.state, remittance.file_number), ("cancelled", 0))
        self.assertFalse(remittance.content)
        self.assertEqual(self.account.next_file_number, 1)

    def test_change_waits_until_the_registration_was_sent(self):
        change = self.title._instruct("change_due_date", due_date=date(2026, 4, 1))
        remittance = self._start()
        self.assertEqual(change.state, "pending")
        self.assertEqual((remittance.new_count, remittance.change_count), (1, 0))
        self.assertEqual(self._start().change_count, 1)

    def test_title_written_off_before_registration_is_never_sent(self):
        self.title._instruct("write_off")
        remittance = self._start()
        self.assertEqual(set(self.title.instruction_ids.mapped("state")), {"cancelled"})
        self.assertEqual(self.title.state, "cancelled")
        self.assertEqual(remittance.state, "cancelled")

    def test_many_are_written_by_a_job(self):
        with patch(
            "odoo.addons.contract_fiscal_br.models.collection_remittance_writing"
            ".BACKGROUND_FROM",
            0,
        ):
            remittance = (
                self.env["collection.remittance"]
                .with_context(queue_job__no_delay=False)
                ._start(self.account)
            )
        self.assertEqual(remittance.state, "generating")
        remittance._generate_in_background()
        self.assertEqual(remittance.state, "generated")
        remittance._generate_in_background()
        self.assertEqual(remittance.file_number, 1)

    def test_job_that_cannot_write_the_file_says_why(self):
        remittance = self.env["collection.remittance"].create(
            {"account_id": self.account.id, "user_id": self.env.uid}
        )
        with patch.object(
            self.env.registry["collection.bank.341"],
            "_write_cnab400",
            side_effect=UserError("Não cabe"),
        ):
            remittance._generate_in_background()
        self.assertEqual(
            (remittance.state, remittance.message), ("cancelled", "Não cabe")
        )
        self.assertEqual(self.title.instruction_ids.state, "pending")

    def test_answer_of_the_bank_acknowledges_the_file(self):
        remittance = self._start()
        remittance.action_mark_sent()
        self.title.instruction_ids.state = "confirmed"
        self.assertEqual(remittance.state, "acknowledged")

    def test_reader_generates_nothing(self):
        reader = new_test_user(
            self.env, "leitora", "contract_recurring.group_contract_reader"
        )
        Remittance = self.env["collection.remittance"].with_user(reader)
        with self.assertRaisesRegex(UserError, "permission"):
            Remittance._start(self.account.with_user(reader))
        remittance = self._start()
        mine = Remittance.browse(remittance.id)
        self.assertEqual(mine.state, "generated")
        with self.assertRaisesRegex(UserError, "permission"):
            mine.action_cancel()
        with self.assertRaises(AccessError):
            mine.read(["content"])
        with self.assertRaises(AccessError):
            mine.write({"state": "cancelled"})

    def test_other_companies_files_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Outra"})
        user = new_test_user(
            self.env,
            "intrusa",
            "contract_recurring.group_contract_billing",
            company_id=other.id,
            company_ids=other.ids,
        )
        remittance = self._start().with_user(user)
        with self.assertRaises(AccessError):
            remittance.action_cancel()
        with self.assertRaises(AccessError):
            remittance.action_download()
        with self.assertRaises(AccessError):
            self.env["collection.remittance"].with_user(user)._start(
                self.account.with_user(user)
            )

    def test_billing_clerk_generates_by_the_dialog(self):
        clerk = new_test_user(
            self.env, "cobradora", "contract_recurring.group_contract_billing"
        )
        wizard = self.env["collection.remittance.generate"].with_user(clerk).create({})
        self.assertEqual(wizard.account_ids, self.account)
        self.assertEqual(wizard.line_ids.new_count, 1)
        action = wizard.action_generate()
        remittance = self.env["collection.remittance"].browse(action["res_id"])
        self.assertEqual(remittance.user_id, clerk)
        remittance.with_user(clerk).action_cancel()
        self.assertEqual(remittance.state, "cancelled")

    def test_dialog_follows_the_accounts_chosen(self):
        other = self._create_account("341", name="Outra")
        with Form(self.env["collection.remittance.generate"]) as dialog:
            self.assertEqual(len(dialog.line_ids), 1)
            dialog.account_ids.clear()
            self.assertEqual(len(dialog.line_ids), 0)
            dialog.account_ids.add(other)
            dialog.account_ids.add(self.account)
        counts = dialog.record.line_ids.mapped("new_count")
        self.assertEqual(sorted(counts), [0, 1])

    def test_dialog_says_what_is_left_out(self):
        self.partner.zip = "80010"
        with Form(self.env["collection.remittance.generate"]) as dialog:
            pass
        left_out = dialog.record.left_out_ids
        self.assertEqual(left_out.title_id, self.title)
        self.assertIn("CEP", left_out.message)

    def test_waiting_instruction_can_be_cancelled(self):
        instruction = self.title.instruction_ids
        instruction.action_cancel()
        self.assertEqual(instruction.state, "cancelled")
        with self.assertRaisesRegex(UserError, "not sent yet"):
            instruction.action_cancel()
