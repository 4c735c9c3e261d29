import base64
from datetime import date, datetime
from hashlib import sha256

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import ContractCase

PDF = b"%PDF-1.4 signed by hand"
SIGNER = {
    "signer_name": "Maria da Silva",
    "signer_document": "529.982.247-25",
    "method": "link",
    "document": PDF,
}


@tagged("contract_recurring", "post_install", "-at_install")
class TestAcceptance(ContractCase):
    """Proof of who accepted which document (S004-18, S004-34)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(activation=date(2026, 3, 10))

    @freeze_time("2026-03-11 15:30:00")
    def test_acceptance_keeps_who_when_where_and_what(self):
        acceptance = self.contract._accept(
            {**SIGNER, "ip_address": "200.1.2.3", "user_agent": "Firefox"}
        )
        self.assertEqual(acceptance.accepted_on, datetime(2026, 3, 11, 15, 30))
        self.assertEqual(acceptance.ip_address, "200.1.2.3")
        self.assertEqual(acceptance.user_agent, "Firefox")
        self.assertEqual(base64.b64decode(acceptance.document), PDF)
        self.assertEqual(acceptance.document_sha256, sha256(PDF).hexdigest())
        self.assertTrue(acceptance.is_intact)
        self.assertEqual(acceptance.text_version, 1)
        self.assertEqual(self.contract.accepted_on, acceptance.accepted_on)

    def test_without_a_document_the_contract_is_printed(self):
        contract = self.contract.with_context(force_report_rendering=True)
        values = {name: SIGNER[name] for name in SIGNER if name != "document"}
        acceptance = contract._accept(values)
        content = base64.b64decode(acceptance.document)
        self.assertTrue(content.startswith(b"%PDF-"))
        self.assertEqual(acceptance.document_sha256, sha256(content).hexdigest())

    def test_acceptance_is_an_event_that_moves_no_revenue(self):
        self.contract._accept(SIGNER)
        event = self.contract.event_ids.filtered(lambda e: e.kind == "acceptance")
        self.assertEqual(event.to_state, "Maria da Silva")
        self.assertEqual(event.mrr_change, 0)

    def test_nobody_changes_or_deletes_it(self):
        acceptance = self.contract._accept(SIGNER)
        manager = self._create_user("acc_manager", "group_contract_manager")
        with self.assertRaises(UserError):
            acceptance.sudo().signer_name = "Outro"
        with self.assertRaises(UserError):
            acceptance.sudo().unlink()
        with self.assertRaises(UserError):
            acceptance.with_user(manager).write({"signer_name": "Outro"})
        with self.assertRaises(AccessError):
            acceptance.with_user(manager).unlink()
        with self.assertRaises(AccessError):
            self.env["contract.acceptance"].with_user(manager).create({})

    def test_the_file_kept_cannot_be_exchanged(self):
        acceptance = self.contract._accept(SIGNER)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "contract.acceptance"),
                ("res_id", "=", acceptance.id),
                ("res_field", "=", "document"),
            ]
        )
        self.assertEqual(attachment.raw, PDF)
        manager = self._create_user("att_manager", "group_contract_manager")
        manager.group_ids += self.env.ref("base.group_system")
        with self.assertRaises(AccessError):
            attachment.with_user(manager).raw = b"%PDF- other"
        with self.assertRaises(AccessError):
            attachment.with_user(manager).unlink()

    def test_a_file_changed_in_the_database_is_noticed(self):
        acceptance = self.contract._accept(SIGNER)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "contract.acceptance"),
                ("res_id", "=", acceptance.id),
                ("res_field", "=", "document"),
            ]
        )
        attachment.sudo().raw = b"%PDF- other"
        acceptance.invalidate_recordset()
        self.assertFalse(acceptance.is_intact)

    def test_bad_input_leaves_nothing(self):
        for values in (
            {"signer_name": ""},
            {"signer_document": ""},
            {"signer_document": "529.982.247-24"},
            {"document": b"GIF89a"},
            {"accepted_on": datetime(2999, 1, 1)},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.contract._accept({**SIGNER, **values})
        self.assertFalse(self.contract.acceptance_ids)

    # === BY STAFF ===

    def _open_wizard(self, user):
        wizard = self.env["contract.record.acceptance"].with_user(user)
        return Form(wizard.with_context(active_id=self.contract.id))

    def test_staff_records_a_signed_paper(self):
        operator = self._create_user("acc_operator", "group_contract_operator")
        form = self._open_wizard(operator)
        self.assertEqual(form.signer_name, "Maria da Silva")
        form.signer_document = "529.982.247-25"
        form.document = base64.b64encode(PDF)
        wizard = form.save()
        wizard.document_name = "assinado.pdf"  # the browser fills it
        wizard.action_record()
        acceptance = self.contract.acceptance_ids
        self.assertEqual(acceptance.method, "signature")
        self.assertEqual(acceptance.user_id, operator)
        self.assertEqual(acceptance.document_name, "assinado.pdf")
        self.assertFalse(acceptance.print_template_id)  # the paper is the proof
        self.assertTrue(acceptance.is_intact)

    def test_a_signature_needs_its_paper(self):
        wizard = self.env["contract.record.acceptance"].create(
            {"contract_id": self.contract.id, "signer_document": "529.982.247-25"}
        )
        with self.assertRaisesRegex(UserError, "Attach the signed document"):
            wizard.action_record()

    def test_reader_records_nothing(self):
        reader = self._create_user("acc_reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self._open_wizard(reader)
