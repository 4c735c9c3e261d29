from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from .test_slip_pdf import read_codes
from .test_title_life import TitleCase


@tagged("post_install", "-at_install")
class TestSlipEmail(TitleCase):
    """The boleto goes out with the invoice, whoever sends it (S000-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.write({"email": "maria@example.com", "lang": "pt_BR"})
        cls.title.state = "registered"
        cls.pdf = cls.env["ir.attachment"].create(
            {"name": "fatura.pdf", "raw": b"%PDF-1.4", "mimetype": "application/pdf"}
        )
        # the invoice's own report needs a browser, which is not what is tested here
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["account.move"],
                "_get_notice_documents",
                lambda move: move.env["ir.attachment"].browse(cls.pdf.id),
            )
        )

    def _notify(self, kind="invoice", **values):
        return self.env["contract.notice"]._prepare_notices(
            [
                {
                    "contract_id": self.contract.id,
                    "move_ids": self.move.ids,
                    "kind": kind,
                    "channel": "email",
                    "key": f"test/{kind}",
                    **values,
                }
            ]
        )

    def test_notice_has_invoice_and_boleto(self):
        notice = self._notify()
        notice._attach_documents()
        names = notice.attachment_ids.mapped("name")
        self.assertEqual(sorted(names), ["boleto-CTR202600001.pdf", "fatura.pdf"])
        boleto = notice.attachment_ids.filtered(lambda a: a.name.startswith("boleto"))
        self.assertEqual(read_codes(boleto.raw)["ITF"], [self.title.barcode])

    def test_reminder_has_the_boleto_too(self):
        notice = self._notify("reminder")
        notice._attach_documents()
        self.assertEqual(len(notice.attachment_ids), 2)

    def test_texts_name_the_number_to_type_and_pix(self):
        self.account.pix_key = "cobranca@provedor.example"
        body = str(self._notify().body)
        self.assertIn(self.title.digitable_line, body)
        self.assertIn(self.title.pix_code, body)

    def test_invoice_without_boleto_names_none(self):
        self._change_to_no_boleto()
        notice = self._notify()
        self.assertNotIn("Linha digitável", str(notice.body))
        notice._attach_documents()
        self.assertEqual(notice.attachment_ids.mapped("name"), ["fatura.pdf"])

    def _change_to_no_boleto(self):
        self.title._change("write_off")

    def test_template_may_name_them(self):
        template = self.env["contract.notice.template"].create(
            {
                "name": "SMS",
                "kind": "reminder",
                "subject": "Pague {{ object.digitable_lines }}",
                "body": "<p>Pix <t t-out='object.pix_codes'/></p>",
            }
        )
        notice = self._notify("reminder", template_id=template.id)
        self.assertEqual(notice.subject, f"Pague {self.title.digitable_line}")

    def test_send_and_print_has_the_boleto(self):
        send = self.env["account.move.send"]
        self.move.invoice_pdf_report_file = self.pdf.datas
        widget = send._get_placeholder_mail_attachments_data(self.move)
        self.assertEqual(
            [data["name"] for data in widget if data["placeholder"]],
            ["boleto-CTR202600001.pdf"],
        )
        data = {
            "author_partner_id": self.env.user.partner_id.id,
            "mail_body": "",
            "mail_subject": "",
            "mail_partner_ids": [],
            "mail_attachments_widget": widget,
        }
        names = [
            name for name, _raw in send._get_mail_params(self.move, data)["attachments"]
        ]
        self.assertIn("boleto-CTR202600001.pdf", names)
        widget[-1]["skip"] = True
        names = [
            name for name, _raw in send._get_mail_params(self.move, data)["attachments"]
        ]
        self.assertNotIn("boleto-CTR202600001.pdf", names)

    def test_sent_again_says_why_it_was_not_charged(self):
        notice = self._notify("charge_failed", failure_reason="Saldo insuficiente")
        notice.sudo().state = "failed"
        notice.action_resend()
        self.assertEqual(notice.resent_ids.failure_reason, "Saldo insuficiente")
        self.assertIn("Saldo insuficiente", str(notice.resent_ids.body))

    def test_slip_in_neutral_words(self):
        slip = self.move._get_payment_slips()[0]
        self.assertEqual(slip["kind"], "boleto")
        self.assertEqual(slip["barcode"], self.title.barcode)
        self.assertEqual((slip["amount"], slip["pix"]), (99.90, ""))
        self.assertEqual(slip["due_date"], date(2026, 3, 10))
        self._pay(self.move)
        self.assertEqual(self.move._get_payment_slips(), [])
