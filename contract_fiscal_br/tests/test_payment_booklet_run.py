from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.contract_recurring.tests.test_runs import RunCases

from .common import CollectionCase


@tagged("post_install", "-at_install")
class TestPaymentBookletRun(RunCases, CollectionCase):
    model = "payment.booklet.run"
    activation = date(2026, 3, 10)

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-05 12:00:00"))
        super().setUpClass()

    @classmethod
    def _simulate(cls):
        run = cls.env[cls.model].create({"period_count": 2})
        run.action_simulate()
        return run

    def _start(self, run):
        run.action_start()

    def _count_effects(self):
        return len(self.env["payment.booklet"].search([("run_id", "!=", False)]))

    def test_booklets_are_printed_together(self):
        self._start(self.run_)
        self.assertEqual(self.run_.state, "done")
        self.assertEqual(self.run_.booklet_ids.mapped("slip_count"), [2] * 5)
        self.assertIn("booklet", self.run_.action_print()["url"])

    def test_who_gets_none_is_told_why(self):
        bad = self._create_contract(
            self.activation, partner=self._create_customer("João", vat=False)
        )
        run = self._simulate()
        item = run.item_ids.filtered(lambda item: item.contract_id == bad)
        self.assertEqual(item.state, "left_out")
        self.assertIn("no CPF", item.message)
        self.assertEqual(run.left_out_count, 1)
