from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .service_common import ServiceCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestTrustUnlock(ServiceCase):
    """Service on a promise: 3 days, once in 30, after 90 days of contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-05-04 15:00:00"))
        cls.contract = cls._create_contract(activation=date(2026, 1, 10))
        cls._bill_month(date(2026, 4, 1))
        cls.move = cls.contract.charge_ids.move_id
        cls.today = date(2026, 5, 4)
        cls._restrict(cls.contract, cls.move, cls.today)

    def test_unlock_gives_service_until_its_last_day(self):
        unlock = self.contract._trust_unlock(self.today, "staff", "pays on Thursday")
        self.assertEqual(unlock.date_until, date(2026, 5, 7))
        self.assertEqual(unlock.amount_open, self.move.amount_residual)
        self.assertService(self.contract, "full", False, "trust_unlock")
        contracts = self.env["contract.contract"]
        contracts._cron_refresh_service_state(date(2026, 5, 7))
        self.assertEqual(self.contract.service_state, "full")
        contracts._cron_refresh_service_state(date(2026, 5, 8))
        self.assertService(self.contract, "blocked", "automatic", "overdue")
        kinds = self.contract.event_ids.mapped("kind")
        self.assertEqual(kinds.count("trust_unlock"), 1)

    def test_payment_keeps_the_promise(self):
        unlock = self.contract._trust_unlock(self.today, "portal")
        self.assertFalse(unlock.is_kept)
        self._pay(self.move)
        self.assertService(self.contract, "full")
        self.assertTrue(unlock.is_kept)
        self.assertFalse(self.contract.service_until)

    def test_refusals_in_words(self):
        refuse = self.contract._get_trust_unlock_refusal
        self.assertIsNone(refuse(self.today))
        self.contract._trust_unlock(self.today, "staff")
        self.assertIn("already, until", refuse(self.today))
        self.env["contract.contract"]._cron_refresh_service_state(date(2026, 5, 8))
        broken = refuse(date(2026, 5, 8))
        self.assertIn("still not paid", broken)
        self.assertIn(self.move.name, broken)
        # broken still after the thirty days
        self.assertIn("still not paid", refuse(date(2026, 8, 1)))

    def test_withdrawn_it_holds_nothing_open(self):
        unlock = self.contract._trust_unlock(self.today, "staff")
        with freeze_time("2026-05-06 15:00:00"):
            self.contract._withdraw_trust_unlock(date(2026, 5, 6), "will not pay")
        self.assertService(self.contract, "blocked", "automatic", "overdue")
        self.assertEqual(unlock.withdrawn_on, date(2026, 5, 6))
        self.assertEqual(unlock.date_until, date(2026, 5, 7))
        events = self.contract.event_ids.filtered(lambda e: e.kind == "trust_unlock")
        self.assertEqual(events.mapped("reason"), ["will not pay", False])
        with self.assertRaisesRegex(UserError, "nothing to withdraw"):
            self.contract._withdraw_trust_unlock(date(2026, 5, 6), "again")
        refusal = self.contract._get_trust_unlock_refusal(date(2026, 5, 6))
        self.assertIn("still not paid", refusal)

    def test_withdrawn_the_same_day_it_was_never_given(self):
        self.contract._trust_unlock(self.today, "staff", "the wrong contract")
        self.contract._withdraw_trust_unlock(self.today, "the wrong contract")
        self.assertService(self.contract, "blocked", "automatic", "overdue")
        self.assertIsNone(self.contract._get_trust_unlock_refusal(self.today))

    def test_the_dialog_of_withdrawing_says_what_becomes_of_the_service(self):
        wizards = self.env["contract.withdraw.unlock"]
        form = Form(wizards.with_context(active_id=self.contract.id))
        form.reason = "will not pay"
        self.assertIn("nothing to withdraw", form.obstacle)
        self.contract._trust_unlock(self.today, "staff")
        form = Form(wizards.with_context(active_id=self.contract.id))
        form.reason = "will not pay"
        self.assertTrue(form.preview)
        self.assertEqual(self.contract.service_state, "full", "only tried out")
        form.save().action_apply()
        self.assertEqual(self.contract.service_state, "blocked")

    def test_who_may_not_unlock_may_not_withdraw(self):
        self.contract._trust_unlock(self.today, "staff")
        reader = self._create_user("unlock_reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader)._withdraw_trust_unlock(self.today, "no")

    def test_kept_promise_may_be_repeated_after_thirty_days(self):
        self.contract._trust_unlock(self.today, "staff")
        self._pay(self.move)
        self._bill_month(date(2026, 5, 1))
        # the fine of the first one has an invoice of its own
        charges = self.contract.charge_ids.filtered(lambda c: c.kind == "recurring")
        second = charges.move_id - self.move
        with freeze_time("2026-06-02 15:00:00"):
            self._restrict(self.contract, second, date(2026, 6, 2))
            # 04/05 + 30 days = 03/06
            refusal = self.contract._get_trust_unlock_refusal(date(2026, 6, 2))
            self.assertIn("again from", refusal)
            self.assertIn("06/03/2026", refusal)
            with self.assertRaisesRegex(UserError, "again from"):
                self.contract._trust_unlock(date(2026, 6, 2), "staff")
        with freeze_time("2026-06-03 15:00:00"):
            self.contract._trust_unlock(date(2026, 6, 3), "staff")
        self.assertEqual(len(self.contract.trust_unlock_ids), 2)

    def test_young_contract_is_not_unlocked(self):
        self.contract.date_start = date(2026, 3, 1)
        refusal = self.contract._get_trust_unlock_refusal(self.today)
        # 01/03 + 90 days = 30/05
        self.assertIn("05/30/2026", refusal)

    def test_nothing_to_unlock(self):
        self._pay(self.move)
        refusal = self.contract._get_trust_unlock_refusal(self.today)
        self.assertIn("not restricted", refusal)
        self.contract._restrict_service("blocked", "abuse", self.today)
        refusal = self.contract._get_trust_unlock_refusal(self.today)
        self.assertIn("restricted by hand (abuse)", refusal)
        self.contract._release_service("talked to her", self.today)
        self.company.trust_unlock_days = 0
        refusal = self.contract._get_trust_unlock_refusal(self.today)
        self.assertIn("offer no days", refusal)
        refusal = self._create_contract()._get_trust_unlock_refusal(self.today)
        self.assertIn("not active", refusal)

    def test_operator_unlocks_and_reader_does_not(self):
        reader = self._create_user("unlock_reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader)._trust_unlock(self.today, "staff")
        operator = self._create_user("unlock_op", "group_contract_operator")
        wizard = (
            self.env["contract.unlock"]
            .with_user(operator)
            .with_context(active_id=self.contract.id)
            .create({"reason": "pays on Thursday"})
        )
        self.assertIn("Blocked (overdue invoice) → Full (trust unlock)", wizard.preview)
        self.assertIn("05/07/2026", wizard.preview)
        self.assertFalse(self.contract.trust_unlock_ids)
        wizard.action_apply()
        self.assertEqual(self.contract.trust_unlock_ids.user_id, operator)
        self.assertIn(
            "already", wizard.create({"contract_id": self.contract.id}).obstacle
        )
        with self.assertRaises(AccessError):
            self.contract.with_user(operator).write({"trust_unlocked_until": False})
        with self.assertRaises(UserError):
            self.contract.trust_unlock_ids.sudo().unlink()

    def test_unlocks_of_another_company_are_invisible(self):
        unlock = self.contract._trust_unlock(self.today, "staff")
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("unlock_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(unlock.with_user(stranger).search([]))
