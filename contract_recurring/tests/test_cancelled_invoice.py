from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_charging import ChargingCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestCancelledInvoice(ChargingCase):
    """A cancelled invoice comes back with its charges, or not at all.

    The contract of R$ 99.90 was billed on one invoice in April.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge = cls.april.contract_charge_ids
        cls.accountant = new_test_user(
            cls.env, "cancelled_accountant", groups="account.group_account_user"
        )

    def _cancel(self):
        self.april.button_cancel()
        self.assertEqual(self.charge.state, "pending")

    def _assert_stays_cancelled(self, words):
        april = self.april.with_user(self.accountant)
        for bring_back in (
            april.button_draft,
            lambda: april.write({"state": "draft"}),
            lambda: april.write({"state": "posted"}),
        ):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                bring_back()
            self.assertEqual(self.april.state, "cancel")

    def test_free_charges_are_billed_by_it_again(self):
        self._cancel()
        self.april.with_user(self.accountant).button_draft()
        self.assertEqual(self.charge.move_id, self.april)
        self.assertEqual(self._bill(4), 0, "a draft holds them already")
        self.april.action_post()
        self.assertEqual(self._bill(4), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_again_and_again(self):
        for _time in range(2):
            self._cancel()
            self.april.button_draft()
            self.april.action_post()
        self.assertEqual(self._bill(4), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_its_day_holds_again(self):
        self._cancel()
        self.charge.due_date = date(2026, 5, 10)
        self.april.button_draft()
        self.assertEqual(self.charge.due_date, date(2026, 4, 10))

    def test_what_another_invoice_bills_is_not_billed_twice(self):
        self._cancel()
        self.assertEqual(self._bill(4), 99.90)
        self._assert_stays_cancelled(self.charge.move_id.name)
        self.assertEqual(self._bill(4), 99.90)

    def test_even_after_the_other_was_cancelled_and_billed_anew(self):
        self._cancel()
        self._bill(4)
        second = self.charge.move_id
        second.button_cancel()
        self.assertEqual(self._bill(4), 99.90)
        self._assert_stays_cancelled(self.charge.move_id.name)
        with self.assertRaisesRegex(UserError, "cannot be used again"):
            second.button_draft()

    def test_an_import_brings_none_back(self):
        self._cancel()
        self._bill(4)
        self.env["ir.model.data"].create(
            {
                "module": "__test__",
                "name": "april",
                "model": "account.move",
                "res_id": self.april.id,
            }
        )
        result = (
            self.env["account.move"]
            .with_user(self.accountant)
            .load(["id", "state"], [["__test__.april", "draft"]])
        )
        self.assertIn("cannot be used again", result["messages"][0]["message"])
        self.assertEqual(self.april.state, "cancel")

    def test_a_state_written_from_outside_frees_the_charges(self):
        self.april.button_draft()
        self.april.with_user(self.accountant).write({"state": "cancel"})
        self.assertEqual(self.charge.state, "pending")
        self.assertEqual(self._bill(4), 99.90)

    def test_a_cancelled_charge_is_not_billed_again(self):
        self._cancel()
        self.charge.action_cancel()
        self._assert_stays_cancelled("is not owed any more")

    def test_a_line_that_says_another_amount(self):
        self._cancel()
        self.april.invoice_line_ids.price_unit = 50.0
        self._assert_stays_cancelled("The invoice says 50")

    def test_another_holder(self):
        joao = self._create_customer("João")
        self.contract._change_holder(joao, is_debt_moved=True)
        self.assertEqual(self.april.state, "cancel")
        self._assert_stays_cancelled("João")

    def test_the_link_is_nobodys_to_cut(self):
        self._cancel()
        charge = self.charge.with_user(self.accountant)
        with self.assertRaises(AccessError):
            charge.write({"released_line_ids": [Command.clear()]})

    def test_a_line_deleted_meanwhile_leaves_its_charge_free(self):
        both = self._create_plan("Both", {self.internet: 99.90, self.television: 50})
        contract = self._create_contract(activation=date(2026, 4, 10), plan=both)
        self._bill_month(date(2026, 4, 1))
        charges = contract.charge_ids
        invoice = charges.move_id
        invoice.button_cancel()
        line = invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.television
        )
        invoice.write({"invoice_line_ids": [Command.delete(line.id)]})
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 99.90)
        free = charges.filtered(lambda charge: charge.state == "pending")
        self.assertEqual(free.product_id, self.television)
        self.assertLedgerIsInvoiced(contract)

    def test_a_taken_back_invoice_does_not_bring_its_sale_back(self):
        invoice = self._sell(due_date=date(2026, 4, 27))
        invoice.with_user(self.clerk).action_take_back()
        with self.assertRaisesRegex(UserError, "is not owed any more"):
            invoice.button_draft()
