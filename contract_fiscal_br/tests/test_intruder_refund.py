import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .intruder_common import DAY, IntruderCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderRefund(IntruderCase):
    """One person alone wants to be paid by a refund."""

    def _approve(self):
        self.refund.action_ask()
        self.refund.with_user(self.boss).action_approve()

    # === FOUR EYES ===

    def test_a_refund_is_not_born_approved(self):
        forged = {
            "state": "approved",
            "approved_by_id": self.boss.id,
            "asked_by_id": self.clerk.id,
            "paid_on": DAY,
            "message": "Pago",
        }
        refund = self._enter_refund(20.0, **forged)
        self.assertEqual(refund.state, "draft")
        for name in forged.keys() - {"state"}:
            self.assertFalse(refund[name], name)

    def test_nobody_writes_who_asked_or_approved(self):
        for name in ("approved_by_id", "asked_by_id", "entered_by_ids"):
            with self.assertRaisesRegex(UserError, "buttons"):
                self.refund.write({name: False})

    def test_a_draft_is_not_put_into_a_file(self):
        """The file could be undone no more."""
        file = self.kept["customer.refund.file"]
        with self.assertRaisesRegex(UserError, "buttons"):
            self.refund.file_id = file

    def test_who_changed_a_draft_does_not_approve_it(self):
        """The clerk's draft, made another one by the boss."""
        self.refund.with_user(self.boss).amount = 59.0
        self.refund.action_ask()
        with self.assertRaisesRegex(UserError, "Somebody else has to approve"):
            self.refund.with_user(self.boss).action_approve()

    def test_who_changed_a_refused_one_does_not_approve_it(self):
        self._approve()
        self.refund.sudo().state = "refused"
        self.refund.with_user(self.boss).action_reset()
        self.refund.with_user(self.boss).reason = "Outro motivo"
        self.refund.action_ask()
        with self.assertRaisesRegex(UserError, "Somebody else has to approve"):
            self.refund.with_user(self.boss).action_approve()

    def test_import_approves_nothing(self):
        result = self.refund.load([".id", "state"], [[str(self.refund.id), "paid"]])
        self.assertTrue(result["messages"])
        self.assertEqual(self.refund.state, "draft")

    # === TO WHOM ===

    def test_key_changed_after_the_approval_is_not_paid(self):
        """The approver saw Maria's key; the clerk writes the own one over it."""
        self._approve()
        self.pix.sudo().key = "intruder@example.com"
        with self.assertRaisesRegex(UserError, "maria@example.com"):
            self.refund.with_user(self.boss).action_make_file()
        self.assertEqual(self.refund.state, "approved")

    def test_account_changed_after_the_approval_is_not_paid(self):
        bank = self.env["res.partner.bank"].create(
            {
                "partner_id": self.partner.id,
                "acc_number": "63616",
                "acc_number_dig": "2",
                "bra_number": "4340",
                "bank_id": self.env["res.bank"]
                .create({"name": "Sicoob", "code_bc": "756"})
                .id,
            }
        )
        self.refund.write({"way": "account", "partner_bank_id": bank.id})
        self._approve()
        bank.acc_number = "99999"
        with self.assertRaisesRegex(UserError, "63616"):
            self.refund.with_user(self.boss).action_make_file()

    def test_other_document_after_the_approval_is_not_paid(self):
        self._approve()
        self.partner.vat = self._take_cpf()
        with self.assertRaisesRegex(UserError, "approved"):
            self.refund.with_user(self.boss).action_make_file()

    # === WHAT FOR ===

    def test_note_that_is_not_posted_is_no_credit(self):
        self.refund.line_id.move_id.button_draft()
        with self.assertRaisesRegex(UserError, "no open credit"):
            self.refund.action_ask()

    def test_what_the_company_owes_a_supplier_is_no_credit(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner.id,
                "invoice_date": DAY,
                "invoice_line_ids": [
                    (0, 0, {"name": "Cabo", "price_unit": 60.0, "tax_ids": []})
                ],
            }
        )
        bill.action_post()
        owed = bill.line_ids.filtered(
            lambda line: line.account_type == "liability_payable"
        )
        self.refund.line_id = owed
        with self.assertRaisesRegex(UserError, "no open credit"):
            self.refund.action_ask()

    def test_credit_on_its_way_back_is_used_for_nothing_by_context(self):
        self._approve()
        invoice = self.boleto_move.copy({"partner_id": self.partner.id})
        invoice.action_post()
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines = (self.refund.line_id | receivable).sudo()
        with self.assertRaisesRegex(UserError, "being paid back"):
            lines.with_context(is_refund_paid=True).reconcile()

    # === THE BANK'S ANSWER ===

    def test_bank_answer_is_not_brought_by_a_clerk(self):
        with self.assertRaises(UserError):
            self.env["customer.refund.return"].with_user(self.clerk).create(
                {
                    "name": "x",
                    "account_id": self.payer.id,
                    "content": base64.b64encode(b"x"),
                }
            )

    def test_answer_for_an_account_of_another_company_is_refused(self):
        returns = self.env["customer.refund.return"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            returns.create(self._prepare_answer())

    def _prepare_answer(self):
        content = base64.b64encode(b"x")
        return {"name": "x", "account_id": self.payer.id, "content": content}

    # === PIX GIVEN BACK ===

    def test_identity_of_a_pix_refund_is_not_changed(self):
        """Another number would be another payment at the bank."""
        refund = self.kept["pix.refund"].with_user(self.boss)
        event = refund.event_id
        for name, value in (
            ("number", "0" * 32),
            ("account_id", self.account.id),
            ("state", "done"),
            ("return_number", "D1"),
        ):
            with self.assertRaises(AccessError):
                refund.write({name: value})
            with self.assertRaises(AccessError):
                refund.create({"event_id": event.id, "amount": 1, name: value})
