from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .test_slip_pdf import read_codes, read_words
from .test_title_life import TitleCase


@tagged("post_install", "-at_install")
class TestTitleChange(TitleCase):
    """Changes from the screen: at once before the bank knows, else by its word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            login="boleto-clerk",
            groups="contract_fiscal_br.group_collection_clerk",
        )

    def _open(self, kind, titles=None):
        wizard = (
            self.env["collection.title.change"]
            .with_user(self.clerk)
            .with_context(active_ids=(titles or self.title).ids)
        )
        form = Form(wizard)
        form.kind = kind
        return form

    def test_due_date_of_an_unsent_title_changes_at_once(self):
        """20/03/2026 is day 10,309 since 07/10/1997: factor 1391 since 22/02/2025."""
        form = self._open("change_due_date")
        form.due_date = date(2026, 3, 20)
        self.assertIn("1 not at the bank yet", form.preview)
        form.save().action_apply()
        self.assertEqual(self.title.due_date, date(2026, 3, 20))
        self.assertEqual(self.title.barcode[5:9], "1391")
        self.assertEqual(self.move.invoice_date_due, date(2026, 3, 20))
        receivable = self.move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(receivable.date_maturity, date(2026, 3, 20))

    def test_due_date_of_a_title_at_the_bank_waits_for_its_word(self):
        self._send(self.title)
        form = self._open("change_due_date")
        form.due_date = date(2026, 3, 21)
        self.assertIn("nothing changes until it confirms", form.preview)
        self.assertIn("03/23/2026", form.preview)  # a Saturday is paid on Monday
        form.is_invoice_moved = False
        form.save().action_apply()
        self.assertEqual(self.title.due_date, date(2026, 3, 10))
        self.assertEqual(self.move.invoice_date_due, date(2026, 3, 10))
        asked = self._asked(self.title, "change_due_date")
        self.assertEqual((asked.due_date, asked.state), (date(2026, 3, 21), "pending"))

    def test_past_due_date_is_refused(self):
        form = self._open("change_due_date")
        form.due_date = date(2026, 3, 4)
        self.assertIn("is over", form.obstacle)

    def test_discount_needs_the_bank_and_ends_with_the_due_date(self):
        form = self._open("discount")
        form.amount = 10
        form.date_limit = date(2026, 3, 9)
        self.assertIn("not at the bank yet", form.obstacle)
        self._send(self.title)
        form = self._open("discount")
        form.amount = 10
        form.date_limit = date(2026, 3, 11)
        self.assertIn("or before it", form.obstacle)
        form.date_limit = date(2026, 3, 9)
        form.save().action_apply()
        self.assertEqual(self._asked(self.title, "discount").amount, 10)

    def test_write_off_by_hand_stays_when_something_is_paid(self):
        self._send(self.title)
        self._open("write_off").save().action_apply()
        self.assertEqual(self.title.withdrawal, "by_hand")
        self._pay(self.move, 40.0)
        self.assertEqual(self.title.withdrawal, "by_hand")
        self.assertTrue(self.move.is_boleto_missing)

    def test_only_a_protested_title_has_its_protest_stopped(self):
        self._send(self.title)
        self.assertIn("not being protested", self._open("cancel_protest").obstacle)
        # due on 10/03/2026: the day itself is in time
        with freeze_time("2026-03-10 12:00:00"):
            self.assertIn("Only what is overdue", self._open("protest").obstacle)
        with freeze_time("2026-03-11 12:00:00"):
            self._open("protest").save().action_apply()
        self.assertEqual(self._asked(self.title, "protest").state, "pending")
        self.title.state = "protested"
        self.assertIn("Stop the protest", self._open("write_off").obstacle)
        self._open("cancel_protest").save().action_apply()
        self.assertTrue(self._asked(self.title, "cancel_protest"))

    def test_paid_title_does_not_change(self):
        self.title.state = "paid"
        self.assertIn("it is paid", self._open("write_off").obstacle)

    def test_reader_may_not_change(self):
        reader = self._create_user("reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.env["collection.title.change"].with_user(reader).create(
                {"title_ids": self.title.ids, "kind": "write_off"}
            )
        with self.assertRaises(AccessError):
            self.move.with_user(reader).action_issue_boleto()
        with self.assertRaises(AccessError):
            self.title.with_user(self.clerk).write({"amount": 1})

    def test_rejected_title_is_issued_again_under_a_new_number(self):
        self.title.state = "rejected"
        self.assertTrue(self.title.may_issue_again)
        action = self.title.with_user(self.clerk).action_issue_again()
        new = self.env["collection.title"].browse(action["res_id"])
        self.assertEqual((new.nosso_numero, new.state), ("2", "to_register"))
        self.assertEqual(self.title.state, "rejected")
        with self.assertRaisesRegex(UserError, "can still be paid"):
            new.action_issue_again()


@tagged("post_install", "-at_install")
class TestSecondCopy(TitleCase):
    """R$ 99,90 due on 10/03, paid until 20/03: 2 % fine is 2,00, 10 days of 1 % a month
    0,33."""

    def setUp(self):
        super().setUp()
        self.enterContext(self._freeze("2026-03-15 12:00:00"))

    def _open(self, **values):
        wizard = self.env["collection.second.copy"].with_context(active_id=self.move.id)
        return wizard.create({"day": date(2026, 3, 20), **values})

    def test_dialog_says_what_it_costs(self):
        wizard = self._open()
        self.assertEqual((wizard.fine, wizard.interest), (2.0, 0.33))
        self.assertEqual(wizard.amount, 102.23)
        self.assertEqual(wizard.way, "new")  # the bank does not know the title

    def test_saturday_is_paid_on_monday(self):
        wizard = self._open(day=date(2026, 3, 21))
        self.assertEqual(wizard.pay_until, date(2026, 3, 23))
        self.assertEqual(wizard.interest, 0.43)

    def test_same_boleto_says_what_it_costs(self):
        self._send(self.title)
        wizard = self._open()
        self.assertEqual(wizard.way, "same")
        action = wizard.action_apply()
        self.assertIn("until=2026-03-20", action["url"])
        pdf = self.title.with_context(pay_until="2026-03-20")._render_pdf()
        self.assertIn("102,23", read_words(pdf))
        self.assertEqual(read_codes(pdf)["ITF"], [self.title.barcode])

    def test_new_boleto_bears_no_fine_again(self):
        self._send(self.title)
        self._open(way="new").action_apply()
        self.assertEqual(self.title.withdrawal, "replaced")
        new = self.move._get_current_titles()
        self.assertEqual((new.amount, new.due_date), (102.23, date(2026, 3, 20)))
        self.assertEqual((new.late_fee_percent, new.late_interest_percent), (0, 0))
        self.assertIn("Não receber após", new._get_instructions()[1])

    def test_fine_paid_with_the_copy_is_not_charged_again(self):
        """102,23 paid on 20/03: the charges of 2,00 and 0,33 take the rest of it."""
        self._open(way="new").action_apply()
        self.contract.late_charge_policy = "with_payment"
        with self._freeze("2026-03-20 12:00:00"):
            self._pay(self.move, 102.23)
        charges = self.move.late_charge_ids
        self.assertEqual(sorted(charges.mapped("amount")), [0.33, 2.0])
        self.assertEqual(charges.move_id.payment_state, "paid")
        self.assertFalse(charges.move_id.collection_title_ids)
        with self._freeze("2026-04-20 12:00:00"):
            self.assertEqual(self.move._get_late_charges(date(2026, 4, 20)), (0, 0))

    def test_second_second_copy_replaces_the_first(self):
        self._open().action_apply()
        first = self.move._get_current_titles()
        self._open(way="new", day=date(2026, 3, 30)).action_apply()
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(self.move._get_current_titles().amount, 102.57)

    def test_overdue_invoice_without_a_boleto_gets_one_that_can_be_paid(self):
        """Sunday 15/03 is paid on Monday: 2,00 and 6 days of interest, 0,20."""
        self.title._change("write_off")
        self.move.action_issue_boleto()
        new = self.move._get_current_titles()
        self.assertEqual((new.amount, new.due_date), (102.10, date(2026, 3, 16)))

    def test_invoice_without_a_boleto_gets_the_same_on_its_last_day(self):
        """Tuesday 10/03: paid that day it costs no more, paid later 2 % and 1 %."""
        self.title._change("write_off")
        with self._freeze("2026-03-10 12:00:00"):
            self.move.action_issue_boleto()
        new = self.move._get_current_titles()
        self.assertEqual((new.amount, new.due_date), (99.90, date(2026, 3, 10)))
        self.assertEqual(new.late_fee_percent, 2.0)
        self.assertEqual(new.late_interest_percent, 1.0)

    def test_paid_invoice_has_no_second_copy(self):
        self._pay(self.move)
        self.assertIn("nothing left", self._open(way="same").obstacle)
