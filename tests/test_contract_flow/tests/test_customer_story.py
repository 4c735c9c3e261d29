from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.contract_recurring.tests.common import ContractCase
from odoo.addons.contract_recurring.tools.price_adjustment import months_before


@tagged("contract_recurring", "post_install", "-at_install")
class TestCustomerStory(ContractCase):
    """Eighteen months of one customer, from the quote to the goodbye.

    Every amount was worked out by hand; the calculation stands beside it.
    A part of a period is the difference of two running totals, each rounded.
    """

    def setUp(self):
        super().setUp()
        self.env["contract.contract"].search([]).active = False
        self.plan.write(
            {
                "due_days_offered": "10, 25",
                "loyalty_months": 12,
                "loyalty_penalty_amount": 300.0,
                "activation_fee": 100.0,
            }
        )
        self.faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.installation = self._create_product("Installation")
        self.heiress = self._create_customer("Joana da Silva")

    # === STEPS ===

    def _bill(self, first_due):
        """Bill a month on its first day and pay what is to be paid.

        :return: the month's total; negative for a credit note
        """
        with freeze_time(first_due):
            run = self._bill_month(first_due, invoice_date=first_due)
            self.assertFalse(run.failed_count, run.item_ids.mapped("message"))
            moves = run.charge_ids.move_id
            for move in moves.filtered(lambda move: move.move_type == "out_invoice"):
                self._pay(move)
        return round(sum(moves.mapped("amount_untaxed_signed")), 2)

    def _pay(self, move):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()

    def _sell(self):
        with freeze_time("2026-01-05 12:00:00"):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.partner.id,
                    "sale_order_template_id": False,
                    "order_line": [
                        Command.create(
                            {"product_id": self.installation.id, "price_unit": 150.0}
                        )
                    ],
                }
            )
            order._add_plan(self.plan)
            order.contract_due_day = 10
            order.action_confirm()
        self._pay(order.invoice_ids)
        return order

    def _adjust_prices(self, contract):
        """Twelve months of 0.5 %: 129.90 × 1.06167781 = 137.9119."""
        index = self.env["contract.price.index"].create({"name": "X", "code": "X"})
        contract.price_index_id = index
        index._set_values(dict.fromkeys(months_before(date(2027, 4, 1)), 0.5))
        adjustment = self.env["contract.price.adjustment"].create(
            {
                "index_id": index.id,
                "month": date(2027, 4, 1),
                "effective_from": date(2027, 5, 1),
                "notice_days": 0,
            }
        )
        adjustment.action_simulate()
        adjustment.action_confirm()
        return adjustment

    # === THE STORY ===

    def test_from_the_quote_to_the_goodbye(self):
        order = self._sell()
        self.assertEqual(order.invoice_ids.amount_untaxed, 150.00)
        contract = order.contract_ids
        self.assertEqual(contract.lifecycle_state, "waiting")

        with freeze_time("2026-01-15 12:00:00"):
            contract._activate(date(2026, 1, 15))
        self.assertEqual(contract.loyalty_end_date, date(2027, 1, 14))
        # 26 of 31 days: 99.90 - 16.11; the period 10/02-09/03; the fee
        self.assertEqual(self._bill(date(2026, 2, 1)), 83.79 + 99.90 + 100.00)
        self.assertEqual(self._bill(date(2026, 3, 1)), 99.90)

        with freeze_time("2026-03-20 12:00:00"):
            contract._change_plan(self.faster, date(2026, 3, 20))
        # 21 of 31 days back, 99.90 - 32.23, and anew, 129.90 - 41.90
        self.assertEqual(self._bill(date(2026, 4, 1)), 150.23)
        self.assertEqual(self._bill(date(2026, 5, 1)), 129.90)

        with freeze_time("2026-05-20 12:00:00"):
            contract.due_days_offered = "10, 25"
            contract._change_due_day(25)
        # 15 of 31 days until 24/06: 129.90 - 67.05; the period 25/06-24/07
        self.assertEqual(self._bill(date(2026, 6, 1)), 62.85 + 129.90)
        self.assertEqual(self._bill(date(2026, 7, 1)), 129.90)

        with freeze_time("2026-07-28 12:00:00"):
            contract._suspend(date(2026, 8, 1), date(2026, 9, 30), reason="the beach")
        contracts = self.env["contract.contract"]
        contracts._cron_follow_suspensions(date(2026, 8, 1))
        self.assertEqual(contract.lifecycle_state, "suspended")
        # 24 of 31 days back: 129.90 - 29.33
        self.assertEqual(self._bill(date(2026, 8, 1)), -100.57)
        self.assertEqual(self._bill(date(2026, 9, 1)), 0.0)
        contracts._cron_follow_suspensions(date(2026, 10, 1))
        self.assertEqual(contract.lifecycle_state, "active")
        # 24 of 30 days from 01/10 on: 129.90 - 25.98; the period 25/10-24/11
        self.assertEqual(self._bill(date(2026, 10, 1)), 103.92 + 129.90)
        for month in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
            self.assertEqual(self._bill(month), 129.90)
        self.assertEqual(self._bill(date(2027, 2, 1)), 129.90)
        self.assertEqual(self._bill(date(2027, 3, 1)), 129.90)

        with freeze_time("2027-03-28 12:00:00"):
            contract._change_holder(self.heiress, reason="moved in together")
        self.assertEqual(self._bill(date(2027, 4, 1)), 129.90)
        self.assertEqual(contract.partner_id, self.heiress)
        last = contract.charge_ids.sorted("period_end")[-1]
        self.assertEqual(last.move_id.partner_id, self.heiress)

        # the price holds since the change of plan, 20/03/2026: a year is over
        with freeze_time("2027-04-05 12:00:00"):
            self._adjust_prices(contract)
        self.assertEqual(self._bill(date(2027, 5, 1)), 137.91)

        with freeze_time("2027-06-15 12:00:00"):
            reason = self.env.ref("contract_recurring.terminate_reason_moved")
            contract._close(date(2027, 6, 15), reason)
        self.assertEqual(contract.lifecycle_state, "closed")
        # 9 of 31 days back: 137.91 - 97.87; the loyalty is over: no penalty
        self.assertEqual(self._bill(date(2027, 6, 1)), -40.04)
        self.assertEqual(self._bill(date(2027, 7, 1)), 0.0)

        self._check_the_whole(contract)

    def _check_the_whole(self, contract):
        self.assertLedgerIsInvoiced(contract)
        self.assertFalse(contract.charge_ids.filtered(lambda c: c.state == "pending"))
        # the sum of the months above
        self.assertAlmostEqual(sum(contract.charge_ids.mapped("amount")), 1996.89)
        changes = contract.event_ids.mapped("mrr_change")
        self.assertAlmostEqual(sum(changes), 0.0, msg="what began has ended")
        kinds = set(contract.event_ids.mapped("kind"))
        self.assertLessEqual(
            {"created", "lifecycle", "plan", "due_day", "price", "holder"}, kinds
        )
