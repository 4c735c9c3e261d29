from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractCopy(BilledContractCase):
    """A copy costs what the contract costs that day, before discounts."""

    def _copy(self, day):
        with freeze_time(f"{day} 12:00:00"):
            return self.contract.copy()

    def _read(self, contract):
        return [
            (line.product_id, line.price_subtotal, line.date_end)
            for line in contract.contract_line_ids
        ]

    def test_a_discount_stays_with_its_contract(self):
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        copied = self._copy(date(2026, 5, 20))
        self.assertEqual(self._read(copied), [(self.internet, 99.90, False)])
        self.assertFalse(copied.discount_ids)
        self.assertEqual(copied.lifecycle_state, "draft")

    def test_the_copy_is_activated_and_billed(self):
        self.contract._grant_discount(date(2026, 5, 10), percent=10)
        copied = self._copy(date(2026, 5, 20))
        copied._activate(date(2026, 6, 10))
        self._bill_month(date(2026, 6, 1))
        self.assertEqual(sum(copied.charge_ids.mapped("amount")), 99.90)
        self.assertLedgerIsInvoiced(copied)

    def test_what_ended_is_not_copied(self):
        with freeze_time("2026-05-20 12:00:00"):
            self.contract._change_plan(self.faster, date(2026, 5, 20))
        copied = self._copy(date(2026, 5, 21))
        self.assertEqual([price for _p, price, _end in self._read(copied)], [129.90])

    def test_before_a_change_the_plan_of_today(self):
        with freeze_time("2026-05-20 12:00:00"):
            self.contract._change_plan(self.faster, date(2026, 6, 10))
        copied = self._copy(date(2026, 5, 21))
        self.assertEqual(self._read(copied), [(self.internet, 99.90, False)])

    def test_a_cancelled_contract_gives_what_it_had(self):
        reason = self.env.ref("contract_recurring.terminate_reason_unpaid")
        with freeze_time("2026-05-20 12:00:00"):
            self.contract._close(date(2026, 5, 20), reason, "moved")
        copied = self._copy(date(2026, 7, 1))
        self.assertEqual(self._read(copied), [(self.internet, 99.90, False)])

    def test_a_draft_is_copied_whole(self):
        draft = self._create_contract()
        self.assertEqual(self._read(draft.copy()), self._read(draft))
