from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .rows_common import TABLES, RowsMixin
from .test_late_payment import LateCase


@tagged("post_install", "-at_install")
class TestReconcileMany(RowsMixin, LateCase):
    """Many reconciled at once give the rows that Odoo's own way gives."""

    def _create_invoice(self, amount, **values):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": date(2026, 3, 1),
                "invoice_date_due": date(2026, 3, 10),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.internet.id,
                            "price_unit": amount,
                            "tax_ids": values.pop("tax_ids", False),
                        }
                    )
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice._get_open_receivable()

    def _prepare_plan(self, *groups):
        """Return the lines of each group: what is owed, and payments of that."""
        plan = []
        for owed, payments in groups:
            for day, amount in payments:
                owed += self._book(owed[0], day, amount)
            plan.append(owed)
        return plan

    # === ROWS ===

    def _reconcile_both_ways(self, plan):
        """Return the rows that each way leaves."""
        lines = self.env["account.move.line"]
        found = []
        for reconcile in (lines._reconcile_plan, lines._reconcile_many):
            with self.env.cr.savepoint() as savepoint:
                reconcile(plan)
                found.append(self._read_rows())
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
        return found

    # === TESTS ===

    def test_rows_are_the_same(self):
        due = date(2026, 3, 10)
        plan = self._prepare_plan(
            (self._create_invoice(100.0), [(due, 100.0)]),
            (self._create_invoice(80.0), [(due, 30.0)]),
            (self._create_invoice(70.0), [(due, 75.5)]),
            (self._create_invoice(60.0), [(due, 20.0), (date(2026, 3, 12), 45.0)]),
            (self._create_invoice(50.0) + self._create_invoice(40.0), [(due, 90.0)]),
        )
        theirs, ours = self._reconcile_both_ways(plan)
        self.assertEqual(len(theirs["account_partial_reconcile"]), 1 + 7)
        self.assertEqual(len(theirs["account_full_reconcile"]), 1 + 2)
        for table in TABLES:
            self.assertEqual(theirs[table], ours[table], table)

    def test_rows_of_late_payments_are_the_same(self):
        """R$ 99,90 paid 15 days late with fine and interest: 2.00 + 0.50."""
        self.company.late_charge_policy = "with_payment"
        receivable = self.invoice._get_open_receivable()
        plan = self._prepare_plan((receivable, [(date(2026, 3, 25), 102.40)]))
        theirs, ours = self._reconcile_both_ways(plan)
        charged = [row["amount"] for row in theirs["contract_charge"][-2:]]
        self.assertEqual(list(map(float, charged)), [2.0, 0.5])
        for table in TABLES:
            self.assertEqual(theirs[table], ours[table], table)

    def test_other_currency_is_reconciled_as_odoo_does(self):
        foreign = self.env.ref("base.CHF")
        foreign.active = True
        for day, rate in ((date(2026, 3, 1), 2.0), (date(2026, 3, 10), 4.0)):
            foreign.rate_ids.create(
                {
                    "currency_id": foreign.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        owed = self._create_invoice(100.0, currency_id=foreign.id)
        paid = self._create_invoice(
            100.0,
            currency_id=foreign.id,
            move_type="out_refund",
            invoice_date=date(2026, 3, 10),
        )
        self.assertFalse((owed + paid)._is_reconciled_plainly())
        theirs, ours = self._reconcile_both_ways([owed + paid])
        partials = theirs["account_partial_reconcile"]
        self.assertTrue(any(row["exchange_move_id"] for row in partials))
        for table in TABLES:
            self.assertEqual(theirs[table], ours[table], table)

    def test_taxes_due_on_payment_are_reconciled_as_odoo_does(self):
        owed = self._create_invoice(100.0)
        self.assertTrue(owed._is_reconciled_plainly())
        self.company.tax_exigibility = True
        self.assertFalse(owed._is_reconciled_plainly())
