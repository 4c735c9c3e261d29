from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .test_dunning import STEPS, DunningCase

NOTICE = {"kind": "notice", "channel": "email", "days": 3}


@tagged("post_install", "-at_install")
class TestDunningRefused(DunningCase):
    """A cancellation that is refused waits alone and is tried again."""

    def test_refused_cancellation_waits_and_other_steps_are_taken(self):
        """Blocked 02/04, +60 = 01/06: listed at the bureau on that day too, while
        the cancellation is refused, for the customer's own comes on 20/06."""
        steps = [dict(step) for step in STEPS]
        steps[5]["days"] = 60
        self.company.dunning_policy_id = self._create_policy(steps)
        self._dun(date(2026, 3, 13))
        self._dun(date(2026, 4, 2))
        self._dun(date(2026, 5, 2))
        with freeze_time("2026-05-20 12:00:00"):
            self.contract._close(
                date(2026, 6, 20), self.reason, "asked", today=date(2026, 5, 20)
            )
        for day in (date(2026, 6, 1), date(2026, 6, 2)):
            self._dun(day)
            self.assertEqual(self._get_taken()[-1], ("2026-06-01", "credit_bureau"))
            held = self.move.dunning_entry_ids.filtered(lambda e: e.kind == "cancel")
            self.assertEqual((held.state, held.date), ("held", day))
            self.assertIn("is to be cancelled", held.message)
            self.assertEqual((held.run_id.held_count, held.run_id.failed_count), (1, 0))
        self.assertEqual(self.contract.lifecycle_state, "active")
        with freeze_time("2026-06-03 12:00:00"):
            self.contract._withdraw_closing()
        self._dun(date(2026, 6, 3))
        self.assertEqual((held.state, held.message), ("done", False))
        self.assertEqual(self.contract.lifecycle_state, "closed")
        self.assertEqual(self.contract.terminate_date, date(2026, 6, 3))


@tagged("post_install", "-at_install")
class TestDunningOneInvoice(DunningCase):
    """One invoice of two contracts, each with a policy of its own."""

    def setUp(self):
        super().setUp()
        self.other = self._create_contract(activation=date(2026, 2, 1))
        self._bill_month(date(2026, 3, 1))
        charges = self.other.charge_ids.filtered("move_id")
        # as unified billing would: both contracts' charges on one invoice
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE contract_charge SET move_id = %s, move_line_id = %s"
            " WHERE id = ANY(%s)",
            [self.move.id, self.move.invoice_line_ids[0].id, charges.ids],
        )
        self.env.invalidate_all()
        self.other.dunning_policy_id = self._create_policy(
            [NOTICE, {"kind": "block", "anchor": "notice", "days": 15}]
        )

    def test_one_legal_notice_for_two_policies(self):
        """Noticed once on 13/03; each policy then goes its own way: the second
        blocks on 28/03 (+15), the first reduces."""
        self._dun(date(2026, 3, 13))
        entries = self.move.dunning_entry_ids
        self.assertEqual(entries.contract_id, self.contract | self.other)
        self.assertEqual(len(entries.step_id), 2)
        self.assertEqual(len(entries.notice_id), 1)
        self._dun(date(2026, 3, 28))
        self.assertEqual(self._get_taken(self.other)[-1], ("2026-03-28", "block"))
        self.assertEqual(self._get_taken(self.contract)[-1], ("2026-03-28", "reduce"))

    def test_second_notice_of_a_policy_is_another(self):
        again = self._create_policy([NOTICE, {**NOTICE, "days": 10}])
        self.other.dunning_policy_id = again
        self._dun(date(2026, 3, 13))
        self._dun(date(2026, 3, 20))
        notices = self.other.dunning_entry_ids.notice_id
        self.assertEqual(len(notices), 2)
        self.assertEqual(max(notices.mapped("date")), date(2026, 3, 10) + timedelta(10))
