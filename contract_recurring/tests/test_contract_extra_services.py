from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BilledContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractExtraServices(BilledContractCase):
    """Additional services: once, for some periods, permanent (S001-24 to 31)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.television.list_price = 20.0

    def _open_service(self):
        form = self._open("contract.add.service")
        form.product_id = self.television
        return form

    def _add(self, **values):
        form = self._open_service()
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_apply()

    def test_product_fills_description_unit_and_price(self):
        form = self._open_service()
        self.assertEqual((form.name, form.price_unit), ("TV", 20.0))
        self.assertEqual(form.save().uom_id, self.television.uom_id)

    def test_once_is_charged_with_the_next_invoice(self):
        """2 visits at 15.00, and 99.90."""
        form = self._open_service()
        form.name = "Technical visit"
        form.quantity, form.price_unit, form.duration = 2, 15.0, "once"
        wizard = form.save()
        self.assertEqual(wizard.fee_amount, 30.0)
        self.assertAlmostEqual(wizard.next_amount, 129.90)
        wizard.action_apply()
        charge = self.contract.charge_ids.filtered(lambda c: c.kind == "one_off")
        self.assertEqual((charge.label, charge.amount), ("Technical visit", 30.0))
        self.assertEqual(charge.due_date, date(2026, 5, 10))
        self.assertAlmostEqual(self._bill(5), 129.90)
        self.assertAlmostEqual(self._bill(6), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_for_two_periods_ends_with_the_second(self):
        """20/04 to 09/05 is 20 of 30 days of 20.00, 13.33; May is whole."""
        self._add(duration="periods", periods=2)
        line = self.contract.service_line_ids
        self.assertEqual(line.date_end, date(2026, 6, 9))
        self.assertAlmostEqual(self._bill(5), 99.90 + 13.33 + 20.00)
        self.assertAlmostEqual(self._bill(6), 99.90)

    def test_permanent_service_is_removed_with_a_credit(self):
        """Removed on 20/05: of 31 days 21 come back, 20.00 - 6.45 = 13.55."""
        self._add(duration="permanent")
        line = self.contract.service_line_ids
        self.assertFalse(line.date_end)
        self.assertEqual(self.contract.monthly_amount, 119.90)
        self._bill(5)
        with freeze_time("2026-05-20 12:00:00"):
            wizard = self.env["contract.remove.service"].create(
                {"contract_id": self.contract.id, "line_id": line.id}
            )
            self.assertAlmostEqual(wizard.credit_amount, 13.55)
            self.assertAlmostEqual(wizard.next_amount, 86.35)
            wizard.action_apply()
            with self.assertRaisesRegex(UserError, "ended already"):
                self.contract._remove_service(line, date(2026, 5, 21))
        self.assertEqual(line.date_end, date(2026, 5, 19))
        self.assertAlmostEqual(self._bill(6), 86.35)
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.mrr_change), ("service", -20.0))
        self.assertLedgerIsInvoiced(self.contract)

    def test_service_is_removed_on_its_last_day(self):
        """In force until 09/06: taken away that day, it ends on the 8th."""
        self._add(duration="periods", periods=2)
        line = self.contract.service_line_ids
        self.contract._remove_service(line, date(2026, 6, 9))
        self.assertEqual(line.date_end, date(2026, 6, 8))

    def test_service_survives_a_plan_change(self):
        self._add(duration="permanent")
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._change_plan(faster, date(2026, 5, 10))
        self.assertEqual(self.contract._get_monthly_amount(date(2026, 5, 10)), 149.90)

    def test_bad_values_are_refused_and_leave_nothing(self):
        for values in (
            {"quantity": 0.0},
            {"price_unit": -1.0},
            {"duration": "periods", "periods": 0},
        ):
            form = self._open_service()
            for name, value in values.items():
                setattr(form, name, value)
            self.assertTrue(form.obstacle)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                form.save().action_apply()
        self.assertFalse(self.contract.service_line_ids)
        with self.assertRaisesRegex(UserError, "belongs to the plan"):
            self.contract._remove_service(
                self.contract.contract_line_ids, date(2026, 4, 20)
            )
