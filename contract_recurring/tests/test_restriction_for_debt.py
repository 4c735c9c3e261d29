from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .test_dunning import DunningCase


@tagged("post_install", "-at_install")
class TestRestrictionForDebt(DunningCase):
    """A person blocks for overdue invoices: the law's days hold for people too.

    Due 10/03, noticed 13/03; +15 = 28/03. The policy blocks on 02/04.
    """

    def _block(self, day, level="blocked"):
        return self.contract._restrict_for_debt(level, "asked twice", day)

    def test_block_without_a_notice_is_refused_with_the_rule(self):
        with self.assertRaisesRegex(UserError, "No overdue notice.*art. 70"):
            self._block(date(2026, 5, 10))
        self.assertFalse(self.contract.dunning_entry_ids)
        self.assertEqual(self.contract.service_state, "full")

    def test_block_before_fifteen_days_is_refused_with_the_day(self):
        self._dun(date(2026, 3, 13))
        with self.assertRaisesRegex(UserError, "03/28/2026 on.*art. 70"):
            self._block(date(2026, 3, 27))
        with self.assertRaisesRegex(UserError, "art. 70"):
            self._block(date(2026, 3, 27), "reduced")
        self.assertEqual(self._get_taken(), [("2026-03-13", "notice")])

    def test_block_of_today_is_the_policy_s_step_and_paid_it_is_lifted(self):
        self._dun(date(2026, 3, 13))
        entry = self._block(date(2026, 3, 28))
        step = self.policy.step_ids.filtered(lambda s: s.kind == "block")
        self.assertEqual((entry.step_id, entry.message), (step, "asked twice"))
        self.assertEqual(
            (self.contract.service_state, self.contract.service_origin),
            ("blocked", "automatic"),
        )
        event = self.contract.event_ids.sorted("id")[-1]
        self.assertEqual((event.kind, event.reason), ("service_state", "asked twice"))
        with self.assertRaisesRegex(UserError, "already"):
            self._block(date(2026, 3, 28))
        self._dun(date(2026, 4, 2))
        self.assertEqual(
            self._get_taken()[1:], [("2026-03-28", "block"), ("2026-04-02", "reduce")]
        )
        with freeze_time("2026-04-03 12:00:00"):
            self._pay(self.move, payment_date="2026-04-03")
        self.assertEqual(self.contract.service_state, "full")

    def test_step_that_was_held_is_the_one_taken(self):
        with freeze_time("2026-04-02 12:00:00"):
            run = self.env["contract.dunning.run"]
            run._cron_start_daily(date(2026, 4, 2))
            run._cron_start_daily(date(2026, 4, 22))
        held = self.move.dunning_entry_ids.filtered(lambda e: e.kind == "block")
        self.assertEqual((held.state, held.hold), ("held", "no_notice"))
        self.move.dunning_entry_ids.notice_id.sudo().write(
            {"state": "sent", "noticed_on": date(2026, 4, 10)}
        )
        self.assertEqual(self._block(date(2026, 4, 25)), held)
        self.assertEqual((held.state, held.hold), ("done", False))

    def test_company_without_a_policy_keeps_the_law_too(self):
        self.company.dunning_policy_id = False
        with self.assertRaisesRegex(UserError, "art. 70"):
            self._block(date(2026, 5, 10), "reduced")

    def test_nothing_overdue_or_held_back_is_refused(self):
        with self.assertRaisesRegex(UserError, "no overdue invoice"):
            self._block(date(2026, 3, 10))
        self._dun(date(2026, 3, 13))
        self.contract.sudo().trust_unlocked_until = date(2026, 4, 5)
        with self.assertRaisesRegex(UserError, "keeps the service until 04/05/2026"):
            self._block(date(2026, 4, 5))
        self.contract.is_auto_block = False
        with self.assertRaisesRegex(UserError, "Automatic Block"):
            self._block(date(2026, 4, 6))

    def test_other_reasons_do_not_ask_for_a_notice(self):
        self.contract._restrict_service("blocked", "abuse", date(2026, 3, 2))
        self.assertEqual(self.contract.service_origin, "manual")

    def test_wizard_proposes_the_debt_and_shows_the_rule(self):
        with freeze_time("2026-03-20 12:00:00"):
            self.contract._refresh_service_state(date(2026, 3, 20))
            wizard = self.env["contract.restrict"].create(
                {"contract_id": self.contract.id, "reason": "asked twice"}
            )
            self.assertEqual(wizard.motive, "overdue")
            self.assertIn("art. 70", wizard.obstacle)
            with self.assertRaisesRegex(UserError, "art. 70"):
                wizard.action_apply()
            wizard.motive = "other"
            self.assertIn("Blocked (by hand)", wizard.preview)

    def test_without_the_permission_nobody_is_blocked(self):
        self._dun(date(2026, 3, 13))
        operator = self._create_user("debt_op", "group_contract_operator")
        contract = self.contract.with_user(operator)
        with self.assertRaisesRegex(AccessError, "restrict service"):
            contract._restrict_for_debt("blocked", "spite", date(2026, 4, 1))
        self.assertFalse(self.contract.service_origin)
