from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.contract_recurring.tools.instalments import Terms

from .common import CollectionCase


class TitleCase(CollectionCase):
    """An invoice of R$ 99,90 due on 10/03/2026, with its boleto, seen on 05/03."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-05 12:00:00"))
        cls.contract = cls._create_contract(date(2026, 3, 10))
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id
        cls.title = cls.move.collection_title_ids
        cls.cash_journal = cls.env["account.journal"].create(
            {"name": "Caixa", "code": "CX1", "type": "cash"}
        )

    @staticmethod
    def _freeze(moment):
        return freeze_time(moment)

    def _send(self, title):
        """Let the title be what a remittance makes of it."""
        title.instruction_ids.filtered(lambda i: i.state == "pending").state = "sent"
        title.state = "sent"

    def _pay(self, move, amount=None):
        """Return the payment of an invoice in cash."""
        values = {"amount": amount} if amount else {}
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return register.create(
            {"journal_id": self.cash_journal.id, **values}
        )._create_payments()

    def _asked(self, title, kind):
        return title.instruction_ids.filtered(lambda i: i.kind == kind)


@tagged("post_install", "-at_install")
class TestTitleLife(TitleCase):
    """The title follows what becomes of its invoice."""

    def test_unsent_title_of_a_paid_invoice_is_cancelled(self):
        self._pay(self.move)
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual(self.title.state, "cancelled")
        self.assertEqual(self.title.instruction_ids.mapped("state"), ["cancelled"])

    def test_title_at_the_bank_is_written_off_by_the_banks_word(self):
        self._send(self.title)
        self._pay(self.move)
        self.assertEqual(self.title.state, "sent")
        self.assertEqual(self.title.withdrawal, "settled")
        self.assertEqual(self._asked(self.title, "write_off").state, "pending")

    def test_nothing_is_written_where_no_title_follows(self):
        """Odoo asks for empty sets, too, some times for each invoice it makes."""
        moves = self.env["account.move"]
        with patch.object(type(moves), "write") as write:
            moves._follow_titles()
            self.move._follow_titles()
        write.assert_not_called()

    def test_hook_that_comes_twice_asks_once(self):
        self._send(self.title)
        self._pay(self.move)
        self.move._invoice_paid_hook()
        self.env["account.move"]._invoice_paid_hook()
        self.assertEqual(len(self._asked(self.title, "write_off")), 1)

    def test_bounced_payment_lets_the_title_be_paid_again(self):
        self._send(self.title)
        self._pay(self.move)
        receivable = self.move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        receivable.remove_move_reconcile()
        self.assertFalse(self.title.withdrawal)
        self.assertEqual(self._asked(self.title, "write_off").state, "cancelled")
        self.assertFalse(self.move._needs_boleto())

    def test_bounced_payment_after_the_write_off_was_sent_needs_a_new_title(self):
        self._send(self.title)
        self._pay(self.move)
        self._send(self.title)
        self.move.line_ids.remove_move_reconcile()
        self.assertEqual(self.title.withdrawal, "settled")
        self.move.action_issue_boleto()
        self.assertEqual(len(self.move.collection_title_ids), 2)

    def test_title_of_another_due_date_is_not_paid_again(self):
        self._send(self.title)
        self._pay(self.move)
        self.move.invoice_date_due = date(2026, 3, 20)
        self.move.line_ids.remove_move_reconcile()
        self.assertEqual(self.title.withdrawal, "settled")
        self.assertEqual(self._asked(self.title, "write_off").state, "pending")

    def test_what_the_bank_told_as_paid_is_left_to_the_settlement(self):
        self._send(self.title)
        self.env["collection.event"].create(
            {
                "account_id": self.account.id,
                "title_id": self.title.id,
                "kind": "paid",
                "occurrence": "06",
                "occurred_on": date(2026, 3, 5),
                "identity": "x",
            }
        )
        self._pay(self.move)
        self.assertFalse(self.title.withdrawal)
        self.assertEqual(self.title.state, "sent")

    def test_part_paid_otherwise_lowers_an_unsent_title(self):
        """99,90 less 40,00 in cash: 59,90, also in the barcode."""
        self._pay(self.move, 40.0)
        self.assertEqual(self.title.amount, 59.90)
        self.assertEqual(self.title.barcode[9:19], "0000005990")
        self.move.line_ids.remove_move_reconcile()
        self.assertEqual(self.title.barcode[9:19], "0000009990")

    def test_part_paid_otherwise_is_told_to_the_bank(self):
        self._send(self.title)
        self._pay(self.move, 40.0)
        asked = self._asked(self.title, "change_amount")
        self.assertEqual((asked.amount, asked.state), (59.90, "pending"))
        self.assertEqual(self.title.amount, 99.90)
        self._pay(self.move, 10.0)
        self.assertEqual(self._asked(self.title, "change_amount").amount, 49.90)

    def test_evening_of_the_due_date_is_in_time(self):
        """22:00 of 10/03 in São Paulo is 01:00 of 11/03 in UTC: no fine yet."""
        self.title._change("write_off")
        with self._freeze("2026-03-11 01:00:00"):
            self.move.action_issue_boleto()
        title = self.move._get_current_titles()
        self.assertEqual((title.amount, title.issue_date), (99.90, date(2026, 3, 10)))

    def test_cancelled_invoice_takes_its_title_along(self):
        self.move.button_cancel()
        self.assertEqual(self.title.state, "cancelled")

    def test_invoice_written_anew_gets_a_title_of_its_own(self):
        self._send(self.title)
        new = self.move._regenerate(date(2026, 3, 5))
        self.assertEqual(self.title.withdrawal, "settled")
        self.assertEqual(new.collection_title_ids.state, "to_register")
        self.assertNotEqual(new.collection_title_ids.nosso_numero, "1")

    def test_protested_title_keeps_the_invoice_as_it_is(self):
        self.title.state = "protested"
        with self.assertRaisesRegex(UserError, "Stop the protest"):
            self.move._regenerate(date(2026, 3, 5))

    def test_merged_invoices_have_one_title(self):
        self._bill_month(date(2026, 4, 1))
        other = self.contract.charge_ids.move_id - self.move
        self.assertEqual(other.collection_title_ids.state, "to_register")
        self._send(self.title)
        merged = (self.move | other)._merge_invoices(
            date(2026, 3, 20), date(2026, 3, 5)
        )
        self.assertEqual(merged.collection_title_ids.amount, 199.80)
        self.assertEqual(self.title.withdrawal, "settled")
        self.assertEqual(other.collection_title_ids.state, "cancelled")
        merged._undo_merge()
        self.assertEqual(merged.collection_title_ids.state, "cancelled")
        self.assertFalse(self.title.withdrawal)
        self.assertEqual(
            set(other.collection_title_ids.mapped("state")),
            {"to_register", "cancelled"},
        )

    def test_renegotiated_debt_is_paid_by_boletos_of_the_instalments(self):
        self._send(self.title)
        terms = Terms(count=2, first_due=date(2026, 3, 20))
        agreement = self.env["contract.debt.agreement"]._agree(
            self.move, terms, date(2026, 3, 5)
        )
        self.assertEqual(self.title.withdrawal, "settled")
        titles = agreement.instalment_ids.move_id.collection_title_ids
        self.assertEqual(titles.mapped("amount"), [49.95, 49.95])
        agreement._cancel(date(2026, 3, 5))
        self.assertEqual(set(titles.mapped("state")), {"cancelled"})
        self.assertFalse(self.title.withdrawal)


@tagged("post_install", "-at_install")
class TestTitleIssue(CollectionCase):
    """What the bank would refuse is said before, and alone."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()

    def test_missing_cpf_does_not_stop_the_batch(self):
        good = self._create_contract(date(2026, 3, 1))
        bad = self._create_contract(
            date(2026, 3, 1), partner=self._create_customer("João", vat=False)
        )
        self._bill_month(date(2026, 3, 1))
        self.assertTrue(good.charge_ids.move_id.collection_title_ids)
        move = bad.charge_ids.move_id
        self.assertEqual(move.state, "posted")
        self.assertFalse(move.collection_title_ids)
        self.assertEqual(move.boleto_obstacle, "João has no CPF or CNPJ. Enter it.")
        bad.partner_id.vat = self._take_cpf()
        move.action_issue_boleto()
        self.assertFalse(move.boleto_obstacle)
        self.assertTrue(move.collection_title_ids)

    def test_address_without_postcode_is_refused(self):
        partner = self._create_customer("Ana", zip="8001-000")
        move = self._bill_contract(date(2026, 3, 1), partner=partner)
        self.assertIn("has 8 digits", move.boleto_obstacle)
        with self.assertRaisesRegex(UserError, "8 digits"):
            move.action_issue_boleto()

    def test_contract_may_want_no_boleto(self):
        move = self._bill_contract(date(2026, 3, 1), boleto_in_mass="no")
        self.assertFalse(move.collection_title_ids)
        move.action_issue_boleto()
        self.assertTrue(move.collection_title_ids)

    def test_contract_may_want_one_though_its_account_does_not(self):
        self.account.is_mass = False
        self.assertFalse(self._bill_contract(date(2026, 3, 1)).collection_title_ids)
        other = self._create_contract(date(2026, 3, 1), boleto_in_mass="yes")
        self._bill_month(date(2026, 3, 1))
        self.assertTrue(other.charge_ids.move_id.collection_title_ids)

    def test_activation_says_what_is_missing(self):
        contract = self._create_contract(
            partner=self._create_customer("Rui", vat=False)
        )
        wizard = self.env["contract.activate"].create({"contract_ids": contract.ids})
        self.assertEqual(wizard.payer_warning, "Rui has no CPF or CNPJ. Enter it.")
        contract.partner_id.vat = self._take_cpf()
        wizard.invalidate_recordset()
        self.assertFalse(wizard.payer_warning)
