from datetime import date
from unittest.mock import patch

import pypdfium2

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .test_slip_pdf import read_codes
from .test_title_life import TitleCase


@tagged("post_install", "-at_install")
class TestPaymentBooklet(TitleCase):
    """A contract of R$ 99,90 a month, billed until 09/04/2026, seen on 05/03."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = "maria@example.com"
        cls.clerk = new_test_user(
            cls.env,
            login="booklet-clerk",
            groups="contract_recurring.group_contract_billing",
        )

    def _open(self, **values):
        wizard = (
            self.env["payment.booklet.make"]
            .with_user(self.clerk)
            .with_context(active_id=self.contract.id)
        )
        form = Form(wizard)
        for name, value in values.items():
            form[name] = value
        return form

    def _make(self, **values):
        action = self._open(**values).save().action_apply()
        return self.env["payment.booklet"].browse(action["res_id"])

    def test_a_preview_issues_nothing(self):
        """A look at a year of slips takes no number of invoice, boleto or booklet."""
        refused = [
            patch.object(self.env.registry[model], name, side_effect=AssertionError)
            for model, name in (
                ("account.move", "_post"),
                ("collection.title", "_issue"),
                ("payment.booklet", "_make"),
            )
        ]
        with refused[0], refused[1], refused[2]:
            form = self._open()
        self.assertEqual(form.preview.count("99.90"), 24)

    def test_a_preview_says_what_keeps_the_booklet_from_being_made(self):
        self.partner.vat = False
        self.assertIn("no CPF", self._open().obstacle)
        self.partner.vat = "529.982.247-25"
        self.company.contract_payment_mode_id = False
        self.assertIn("not paid by boleto", self._open().obstacle)

    def test_more_than_a_worker_draws_in_time_is_refused(self):
        booklet = self._make(count=2)
        limit = "odoo.addons.contract_fiscal_br.models.payment_booklet.MOST_SLIPS"
        with patch(limit, 1), self.assertRaisesRegex(UserError, "2 slips are too many"):
            booklet.action_print()
        self.assertIn(f"/booklet/{booklet.id}", booklet.action_print()["url"])

    def test_months_ahead_are_billed_with_their_boletos(self):
        form = self._open(count=4)
        self.assertEqual(form.preview.count("99.90"), 8)  # invoice and its charge
        self.assertEqual(self.contract.charge_ids.move_id, self.move)
        booklet = form.save().action_apply()
        booklet = self.env["payment.booklet"].browse(booklet["res_id"])
        self.assertEqual((booklet.slip_count, booklet.amount), (4, 399.60))
        self.assertEqual(booklet.first_due_date, date(2026, 4, 10))
        self.assertEqual(booklet.last_due_date, date(2026, 7, 10))
        self.assertEqual(
            booklet.move_ids.collection_title_ids.mapped("state"), ["to_register"] * 4
        )
        self.assertEqual(self.contract.recurring_next_date, date(2026, 8, 10))

    def test_every_slip_reads_back_three_to_a_page(self):
        booklet = self._make(count=4)
        pdf = booklet._render_pdf()
        self.assertEqual(len(pypdfium2.PdfDocument(pdf)), 2)
        self.assertEqual(
            sorted(read_codes(pdf)["ITF"]),
            sorted(booklet.move_ids.collection_title_ids.mapped("barcode")),
        )

    def test_paid_slip_is_not_printed_again(self):
        booklet = self._make(count=2)
        first = booklet.move_ids.sorted("invoice_date_due")[0]
        self._pay(first)
        self.assertEqual((booklet.open_count, booklet.state), (1, "open"))
        self.assertEqual(len(read_codes(booklet._render_pdf())["ITF"]), 1)
        self._pay(booklet.move_ids - first)
        self.assertEqual(booklet.state, "paid")
        with self.assertRaisesRegex(UserError, "Nothing is left to pay"):
            booklet.action_print()

    def test_open_invoices_make_a_booklet_once(self):
        booklet = self._make(scope="open")
        self.assertEqual(booklet.move_ids, self.move)
        self.assertFalse(self._open(scope="open").move_ids)
        with self.assertRaisesRegex(UserError, "already"):
            booklet._make(self.contract, self.move)

    def test_cancelling_takes_back_what_was_billed_ahead(self):
        booklet = self._make(count=3)
        first = booklet.move_ids.sorted("invoice_date_due")[0]
        self._pay(first)
        booklet.with_user(self.clerk).action_cancel_rest()
        self.assertEqual(booklet.state, "cancelled")
        self.assertEqual(booklet.slip_count, 1)
        rest = booklet.move_ids - first
        self.assertEqual(set(rest.mapped("state")), {"cancel"})
        self.assertEqual(set(rest.collection_title_ids.mapped("state")), {"cancelled"})
        self.assertEqual(self.contract.recurring_next_date, date(2026, 5, 10))

    def test_cancelling_leaves_what_was_owed_before(self):
        booklet = self._make(scope="open")
        booklet.action_cancel_rest()
        self.assertEqual(self.title.state, "to_register")
        self.assertEqual(self.move.state, "posted")

    def test_sent_with_all_slips_in_one_file(self):
        booklet = self._make(count=2)
        booklet.move_ids.collection_title_ids.state = "registered"
        notices = self.env["contract.notice"]
        with patch.object(type(notices), "_queue"):
            booklet.with_user(self.clerk).action_send()
        notice = booklet.notice_ids
        self.assertEqual((notice.kind, notice.state), ("booklet", "pending"))
        self.assertIn("199.80", notice.body)
        notice._attach_documents()
        self.assertEqual(len(notice.attachment_ids), 1)
        self.assertEqual(len(read_codes(notice.attachment_ids.raw)["ITF"]), 2)

    def test_payer_the_bank_would_refuse_gets_no_booklet(self):
        self.partner.vat = False
        form = self._open(count=2)
        self.assertIn("has no CPF", form.obstacle)

    def test_boleto_issued_again_takes_the_place_of_the_old_one(self):
        booklet = self._make(count=1)
        old = booklet.move_ids.collection_title_ids
        old.state = "rejected"
        new = self.env["collection.title"].browse(old.action_issue_again()["res_id"])
        self.assertEqual(read_codes(booklet._render_pdf())["ITF"], [new.barcode])
