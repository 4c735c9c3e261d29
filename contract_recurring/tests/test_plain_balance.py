from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .late_common import LateCase
from .rows_common import TABLES, RowsMixin
from .sale_common import SaleContractCase


class PlainBalanceMixin(RowsMixin):
    """Invoices whose lines bring their balance, and those that Odoo completes."""

    def _do_both_ways(self, action):
        """Return the rows of account and ledger after an action, Odoo's way first."""
        lines = type(self.env["account.move.line"])
        found = []
        for given in ({}, lines._prepare_balance):
            answer = {"return_value": given} if given == {} else {"new": given}
            with (
                self.env.cr.savepoint() as savepoint,
                patch.object(lines, "_prepare_balance", **answer),
            ):
                action()
                found.append(self._read_rows())
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
        return found

    def assertSameRows(self, action, invoices):
        """Check that both ways leave the same rows, and so many invoices more."""
        before = len(self._read_rows()["account_move"])
        theirs, ours = self._do_both_ways(action)
        self.assertEqual(len(ours["account_move"]) - before, invoices)
        for table in TABLES:
            self.assertEqual(theirs[table], ours[table], table)


@tagged("post_install", "-at_install")
class TestPlainBalanceOfBills(PlainBalanceMixin, LateCase):
    def _bill_april(self):
        self._bill_month(date(2026, 4, 1))

    def _create_taxed_contract(self, is_included):
        tax = self.env["account.tax"].create(
            {
                "name": f"ISS {is_included}",
                "amount": 5,
                "price_include_override": is_included,
            }
        )
        product = self._create_product(f"TV {is_included}")
        product.taxes_id = tax
        plan = self._create_plan("TV", {product: 33.33, self.internet: 10.01})
        return self._create_contract(activation=date(2026, 3, 10), plan=plan)

    def test_rows_are_the_same(self):
        """Plain, taxed on top, taxed within, and with parts of a cent: 1/3 off."""
        for is_included in ("tax_included", "tax_excluded"):
            self._create_taxed_contract(is_included)
        third = self._create_contract(activation=date(2026, 3, 10))
        third.contract_line_ids.discount = 33.33
        self.assertSameRows(self._bill_april, invoices=4)

    def test_rows_of_late_payments_are_the_same(self):
        self.company.late_charge_policy = "with_payment"
        self.assertSameRows(
            # R$ 99.90, 2.00 of fine, 0.50 of interest; the entry and one invoice
            lambda: self._pay(self.invoice, date(2026, 3, 25), 102.40),
            invoices=2,
        )

    def test_rows_of_a_credit_note_are_the_same(self):
        """Away from 20/03 to 19/05: days billed come back on 10/04."""

        def suspend():
            self._pay(self.invoice, date(2026, 3, 10))
            self.contract._suspend(date(2026, 3, 20), date(2026, 5, 19), "away")
            self._bill_april()
            credits = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
            self.assertEqual(credits.move_id.move_type, "out_refund")

        self.assertSameRows(suspend, invoices=2)  # the payment, the credit note

    def test_no_line_is_written_apart(self):
        lines = type(self.env["account.move.line"])
        with patch.object(lines, "write", autospec=True, side_effect=lines.write) as w:
            self._bill_april()
        written = [name for call in w.call_args_list for name in call.args[1]]
        self.assertFalse({"balance", "amount_currency"} & set(written))


@tagged("post_install", "-at_install")
class TestPlainBalanceOfOrders(PlainBalanceMixin, SaleContractCase):
    def test_rows_are_the_same(self):
        tax = self.env["account.tax"].create({"name": "ISS", "amount": 5})
        quotes = self.env["sale.order"].union(
            *(
                self._create_quote(
                    self.plan, lines=[(self.installation, price, values)]
                )
                for price, values in (
                    (150.00, {}),
                    (150.00, {"tax_ids": [Command.set(tax.ids)]}),
                    (99.99, {"discount": 33.33}),
                )
            )
        )
        self.assertSameRows(quotes.action_confirm, invoices=3)
