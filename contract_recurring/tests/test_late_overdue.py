from datetime import date

from odoo.tests import tagged

from .late_common import LateCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestOverdueInterest(LateCase):
    """S004-66: the next invoice carries fine and interest of overdue ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.is_overdue_interest_included = True

    def _bill_april(self):
        run = self._simulate_run(date(2026, 4, 1), invoice_date=date(2026, 4, 4))
        simulated = run.item_ids.filtered(
            lambda item: item.contract_id == self.contract
        ).amount
        run.action_approve()
        run.action_start()
        return simulated, self._find_invoice(self.contract, date(2026, 4, 10))

    def test_next_invoice_carries_what_is_overdue(self):
        # 10/03 to 04/04: 25 days of 99,90 = 0,8325; fine 2,00
        simulated, april = self._bill_april()
        self.assertEqual(april.amount_total, 102.73)
        self.assertEqual(simulated, 102.73)
        self.assertLedgerIsInvoiced(self.contract)

    def test_later_payment_charges_the_days_after_only(self):
        self._bill_april()
        # to 09/04 30 days = 0,999; less 0,83
        self._pay(self.invoice, date(2026, 4, 9))
        amounts = [row[1] for row in self._get_late()]
        self.assertEqual(amounts, [2.0, 0.83, 0.17])

    def test_two_billings_charge_each_day_once(self):
        self._bill_april()
        self._bill_month(date(2026, 5, 1), invoice_date=date(2026, 5, 4))
        may = self._find_invoice(self.contract, date(2026, 5, 10))
        # March to 04/05: 55 days = 1,8315, less 0,83 = 1,00
        # April: 2,00 and 24 days of 99,90 = 0,7992
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 0.83, 1.0])
        self.assertEqual(may.amount_total, 99.90 + 1.00 + 2.00 + 0.80)

    def test_payment_in_time_imported_later_gives_all_back(self):
        _simulated, april = self._bill_april()
        self._pay(self.invoice, date(2026, 3, 10))
        self.assertFalse(self._get_late())
        self.assertEqual(april.amount_residual, 99.90)

    def test_payment_between_imported_later_is_charged_its_days(self):
        _simulated, april = self._bill_april()
        self._pay(self.invoice, date(2026, 3, 20))
        # 0,83 given back, 10 days = 0,33 charged; the fine stays as it was
        self.assertEqual([row[1] for row in self._get_late()], [0.33, 2.0])
        self.assertEqual(april.amount_residual, 101.90)

    def test_not_without_the_flag_and_not_in_time(self):
        self.contract.is_overdue_interest_included = False
        _simulated, april = self._bill_april()
        self.assertEqual(april.amount_total, 99.90)

    def test_interest_alone_makes_no_invoice(self):
        self.assertFalse(
            self.contract._enter_due_charges(
                date(2026, 3, 11), date(2026, 3, 31), date(2026, 3, 31)
            )
        )
