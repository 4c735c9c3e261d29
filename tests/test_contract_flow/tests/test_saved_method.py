from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.contract_fiscal_br.tests.common import CollectionCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestSavedMethod(CollectionCase):
    """A card saved with Odoo's demo provider pays the renewals.

    R$ 99,90 fall due on 10/03/2026. The card is refused on the due date, and one and
    three days later, and takes the payment seven days later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = "maria@example.com"
        cls.provider = cls.env.ref("payment.payment_provider_demo")
        cls.provider.write({"state": "test", "journal_id": cls.bank_journal.id})
        cls.provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.bank_journal.default_account_id
        cls.token = cls.env["payment.token"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.provider.payment_method_ids[:1].id,
                "payment_details": "4242",
                "partner_id": cls.partner.id,
                "provider_ref": "demo",
                "demo_simulated_state": "error",
            }
        )
        cls.contract = cls._create_contract(
            date(2026, 3, 10),
            payment_token_id=cls.token.id,
            payment_token_since=date(2026, 3, 1),
        )
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())

    def _live_until(self, last_day):
        """Run the daily cron on each day of March until the last one."""
        for day in range(10, last_day + 1):
            with freeze_time(f"2026-03-{day} 12:00:00"):
                self.env["payment.token.charge"]._cron_charge_saved_methods()

    def _get_days(self):
        return {
            charge.date.day: charge.state for charge in self.contract.token_charge_ids
        }

    def test_card_that_works_again_pays(self):
        self._live_until(13)
        self.token.demo_simulated_state = "done"
        self._live_until(20)
        self.assertEqual(
            self._get_days(), {10: "failed", 11: "failed", 13: "failed", 17: "done"}
        )
        self.assertEqual(self.move.payment_state, "paid")
        self.assertFalse(self.move.collection_title_ids)
        self.assertEqual(self.contract.lifecycle_state, "active")

    def test_card_that_never_works_ends_in_a_boleto(self):
        self._live_until(20)
        self.assertEqual(list(self._get_days()), [17, 13, 11, 10])
        title = self.move.collection_title_ids
        # seven days late: fine 2.00, interest 99.90 × 1 % ÷ 30 × 7 = 0.23
        self.assertEqual((title.amount, len(title.barcode)), (102.13, 44))
        self.assertEqual(self.contract.payment_token_id, self.token)

    def test_provider_that_answers_later(self):
        self.token.demo_simulated_state = "pending"
        self._live_until(10)
        charge = self.contract.token_charge_ids
        self.assertEqual(charge.state, "pending")
        charge.transaction_id.action_demo_set_done()
        charge.transaction_id._post_process()
        self.assertEqual(charge.state, "done")
        self.assertEqual(self.move.payment_state, "paid")
