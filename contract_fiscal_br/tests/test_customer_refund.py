import base64
from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import CollectionCase
from .test_payment_files import answered


@tagged("post_install", "-at_install")
class TestCustomerRefund(CollectionCase):
    """A credit note of R$ 60.00 is paid back by Pix."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer = cls._create_account(
            "756", is_refund_account=True, refund_agreement="123456"
        )
        cls.note = cls._create_credit(60.0)
        cls.pix = cls.env["res.partner.pix"].create(
            {
                "partner_id": cls.partner.id,
                "key_type": "email",
                "key": "maria@example.com",
            }
        )
        cls.clerk = cls._create_user("refund_clerk", "group_contract_billing")
        cls.boss = cls._create_user("refund_boss", "group_contract_manager")

    def _enter(self, **values):
        return (
            self.env["customer.refund"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.partner.id,
                    "line_id": self._get_receivable(self.note).id,
                    "account_id": self.payer.id,
                    "pix_id": self.pix.id,
                    "reason": "Pago em dobro",
                    **values,
                }
            )
        )

    def _approve(self, **values):
        refund = self._enter(**values)
        refund.action_ask()
        refund.with_user(self.boss).action_approve()
        return refund

    @freeze_time("2026-03-11 15:00:00")
    def _send(self, refund):
        refund.with_user(self.boss).action_make_file()
        return refund.file_id

    def _import(self, file, codes="00", content=None):
        content = content or base64.b64decode(file.sudo().content)
        return (
            self.env["customer.refund.return"]
            .with_user(self.boss)
            .create(
                {
                    "name": "retorno.ret",
                    "account_id": self.payer.id,
                    "content": base64.b64encode(answered(content, codes)),
                }
            )
        )

    # === FOUR EYES ===

    def test_only_account_that_pays_is_proposed(self):
        refunds = self.env["customer.refund"].with_user(self.clerk)
        self.assertEqual(refunds.new({}).account_id, self.payer)
        self._create_account("341", is_refund_account=True, refund_agreement="1")
        self.assertFalse(refunds.new({}).account_id)

    def test_what_the_customer_has_only_one_of_is_proposed(self):
        form = Form(self.env["customer.refund"].with_user(self.clerk))
        form.partner_id = self.partner
        credit = self._get_receivable(self.note)
        self.assertEqual((form.line_id, form.pix_id), (credit, self.pix))
        form.partner_id = self._create_customer("Other")
        self.assertFalse(form.line_id)
        self.assertFalse(form.pix_id)

    def test_amount_is_the_open_credit(self):
        self.assertEqual(self._enter().amount, 60.0)

    def test_who_enters_does_not_approve(self):
        refund = self._enter()
        refund.action_ask()
        with self.assertRaisesRegex(UserError, "may not do this"):
            refund.action_approve()
        refund.action_cancel()
        own = refund.with_user(self.boss).copy()
        own.action_ask()
        with self.assertRaisesRegex(UserError, "Somebody else has to approve"):
            own.action_approve()

    def test_approved_refund_is_not_changed(self):
        refund = self._approve()
        with self.assertRaisesRegex(UserError, "Only a draft"):
            refund.amount = 1.0
        with self.assertRaisesRegex(UserError, "buttons"):
            refund.with_user(self.clerk).state = "paid"

    # === NEVER TOO MUCH, NEVER TWICE ===

    def test_more_than_the_credit_is_refused(self):
        refund = self._enter(amount=60.01)
        with self.assertRaisesRegex(UserError, "60.00.* is left"):
            refund.action_ask()

    def test_credit_is_refunded_once(self):
        self._enter()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._enter()

    def test_credit_used_up_meanwhile_is_noticed(self):
        refund = self._enter()
        invoice = self._bill_contract(date(2026, 3, 10))
        self._get_receivable(self.note | invoice).reconcile()
        with self.assertRaisesRegex(UserError, "0.00.* is left"):
            refund.action_ask()

    def test_credit_being_refunded_pays_no_invoice(self):
        self._approve()
        invoice = self._bill_contract(date(2026, 3, 10))
        with self.assertRaisesRegex(UserError, "is being paid back"):
            (
                self._get_receivable(self.note) | self._get_receivable(invoice)
            ).reconcile()
        invoice._take_off(self.note)
        self.assertEqual(invoice.amount_residual, invoice.amount_total)

    def test_money_goes_to_its_customer_alone(self):
        other = self._create_customer("João Souza")
        stranger = self.env["res.partner.pix"].create(
            {"partner_id": other.id, "key_type": "email", "key": "joao@example.com"}
        )
        with self.assertRaisesRegex(ValidationError, "nobody else"):
            self._enter(pix_id=stranger.id)

    # === FILE ===

    def test_file_is_kept_byte_by_byte(self):
        refund = self._approve()
        file = self._send(refund)
        self.assertEqual((refund.state, file.number), ("sent", 1))
        self.assertEqual(file.filename, "PG756110326_000001.REM")
        content = base64.b64decode(file.sudo().content)
        lines = content.decode().split("\r\n")
        # Thursday 12/03 is a bank day, but the file pays on its own day, 11/03
        self.assertEqual(lines[2][93:101], "11032026")
        self.assertEqual(lines[2][119:134], "000000000006000")
        self.assertEqual(lines[3][127:226].strip(), "maria@example.com")
        url = file.with_user(self.boss).action_download()["url"]
        self.assertIn(f"customer.refund.file/{file.id}/content", url)

    def test_file_not_uploaded_is_undone_and_its_number_lost(self):
        refund = self._approve()
        file = self._send(refund)
        file.with_user(self.boss).action_cancel()
        self.assertEqual(refund.state, "approved")
        self.assertEqual(self._send(refund).number, 2)
        with self.assertRaisesRegex(UserError, "Choose a greater one"):
            self.payer.next_refund_file_number = 1

    def test_file_by_account_asks_for_the_whole_account(self):
        bank = self.env["res.partner.bank"].create(
            {
                "partner_id": self.partner.id,
                "acc_number": "63616",
                "acc_number_dig": "2",
                "bank_id": self.env["res.bank"]
                .create({"name": "Sicoob", "code_bc": "756"})
                .id,
            }
        )
        refund = self._enter(way="account", partner_bank_id=bank.id, pix_id=False)
        with self.assertRaisesRegex(UserError, "lacks branch"):
            refund.action_ask()
        bank.bra_number = "4340"
        refund.action_ask()
        refund.with_user(self.boss).action_approve()
        content = base64.b64decode(self._send(refund).sudo().content).decode()
        self.assertEqual(content.split("\r\n")[2][20:42], "75604340 0000000636162"[:22])

    # === ANSWER ===

    def test_paid_settles_the_credit_exactly(self):
        refund = self._approve()
        self._import(self._send(refund))
        self.assertEqual((refund.state, refund.paid_on), ("paid", date(2026, 3, 12)))
        self.assertEqual(self.note.payment_state, "paid")
        self.assertEqual(refund.payment_id.amount, 60.0)
        self.assertTrue(self._get_receivable(self.note).reconciled)

    def test_surplus_of_a_payment_is_paid_back(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": 12.34,
                "journal_id": self.bank_journal.id,
            }
        )
        payment.action_post()
        refund = self._approve(line_id=self._get_receivable(payment.move_id).id)
        self.assertEqual(refund.amount, 12.34)
        self._import(self._send(refund))
        self.assertTrue(self._get_receivable(payment.move_id).reconciled)
        self.assertFalse(self._get_receivable(self.note).reconciled)

    def test_part_of_a_credit(self):
        refund = self._approve(amount=25.0)
        self._import(self._send(refund))
        self.assertEqual(self._get_receivable(self.note).amount_residual, -35.0)

    def test_scheduled_then_paid(self):
        refund = self._approve()
        file = self._send(refund)
        self._import(file, "BD")
        self.assertEqual(refund.state, "sent")
        self.assertIn("Inclusão efetuada", refund.message)
        self._import(file, "00")
        self.assertEqual(refund.state, "paid")

    def test_refused_is_corrected_and_asked_for_again(self):
        refund = self._approve()
        self._import(self._send(refund), "AN")
        self.assertEqual(refund.state, "refused")
        self.assertIn("Conta corrente do favorecido inválida", refund.message)
        refund.action_reset()
        self.assertEqual((refund.state, refund.approved_by_id.id), ("draft", False))

    def test_same_file_again_is_refused(self):
        refund = self._approve()
        file = self._send(refund)
        self._import(file)
        with self.assertRaisesRegex(UserError, "imported already"):
            self._import(file)
        self.assertEqual(len(refund.payment_id), 1)

    def test_same_answer_in_another_file_pays_nothing_more(self):
        refund = self._approve()
        file = self._send(refund)
        self._import(file)
        result = self._import(file, "00BD")
        self.assertFalse(result.paid_ids)
        payments = self.env["account.payment"].search([("memo", "=", refund.name)])
        self.assertEqual(len(payments), 1)

    def test_payment_of_another_system_is_listed(self):
        refund = self._approve()
        content = base64.b64decode(self._send(refund).sudo().content)
        reference = content.split(b"\r\n")[2][73:93]
        foreign = content.replace(reference, b"FOLHA 0815".ljust(20))
        result = self._import(None, content=foreign)
        self.assertEqual(result.unknown, "FOLHA 0815")
        self.assertEqual(refund.state, "sent")

    def test_damaged_return_is_refused_in_words(self):
        refund = self._approve()
        content = base64.b64decode(self._send(refund).sudo().content)
        with self.assertRaisesRegex(UserError, "do not belong together"):
            self._import(None, content=content.replace(b"R00000000", b"R00000001"))
        self.assertEqual(refund.state, "sent")

    # === WHO ===

    def test_bank_without_a_layout_pays_no_refunds(self):
        with self.assertRaisesRegex(ValidationError, "033, 237, 341, 756"):
            self._create_account("104", is_refund_account=True)

    def test_reader_enters_nothing(self):
        reader = self._create_user("refund_reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self._enter().with_user(reader).copy()
        with self.assertRaises(AccessError):
            self._enter_file_as(reader)

    def _enter_file_as(self, user):
        return self.env["customer.refund.file"].with_user(user).search([]).read()

    def test_other_company_sees_nothing(self):
        refund = self._approve()
        file = self._send(refund)
        company = self.env["res.company"].create({"name": "Outra"})
        stranger = new_test_user(
            self.env,
            login="refund_stranger",
            groups="contract_recurring.group_contract_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for record in (refund, file):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["amount"])
