from datetime import date

from odoo.tests import tagged

from .test_dunning import DunningCase


@tagged("post_install", "-at_install")
class TestDunningAnew(DunningCase):
    """A debt that was not overdue after all gives no notice to count from."""

    def test_notice_before_a_later_due_date_proves_nothing(self):
        """Due 10/03, noticed 13/03; now due 25/03: noticed anew on 28/03 (+3), so
        reduced on 12/04 (+15), not on 28/03."""
        self._dun(date(2026, 3, 13))
        self.move.invoice_date_due = date(2026, 3, 25)
        self._dun_until(date(2026, 3, 26), date(2026, 4, 12))
        self.assertEqual(
            self._get_taken(), [("2026-03-28", "notice"), ("2026-04-12", "reduce")]
        )
        notices = self.move.dunning_entry_ids.notice_id.sorted("id")
        self.assertEqual(
            [notice.noticed_on for notice in notices.filtered("noticed_on")],
            [date(2026, 3, 13), date(2026, 3, 28)],
        )

    def test_bounced_payment_of_a_debt_paid_in_time_begins_anew(self):
        """Noticed 13/03, paid on 10/03 by the bank; that payment bounced: the old
        notice counts no more, the new one of 20/03 allows a reduction on 04/04."""
        self._dun(date(2026, 3, 13))
        self._pay(self.move, payment_date="2026-03-10")
        self.assertFalse(self._get_taken())
        self.move.line_ids.remove_move_reconcile()
        self.assertEqual(self.move.payment_state, "not_paid")
        self._dun_until(date(2026, 3, 20), date(2026, 4, 4))
        self.assertEqual(
            self._get_taken(), [("2026-03-20", "notice"), ("2026-04-04", "reduce")]
        )
