from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.contract_recurring.tools.bank_calendar import (
    is_bank_day,
    next_bank_day,
)

from ..tools.collection_event import CollectionEvent
from ..tools.pix_automatic import (
    RETRY_DAYS,
    get_last_cancel_moment,
    get_retry_day,
    get_send_days,
)
from .common import CollectionCase

# Weekends, bank holidays, ends of months and years, 29 February, the day on which
# the factor of the barcode begins again (22/02/2025).
ODD_DAYS = [
    date(2026, 10, 10),  # Saturday before Monday's holiday
    date(2026, 2, 14),  # Saturday before Carnaval
    date(2026, 12, 31),  # the last business day of the year: banks are closed
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2027, 3, 26),  # Good Friday
    date(2027, 10, 31),  # Sunday before 1 November; the 2nd is a holiday
    date(2026, 3, 31),
    date(2026, 11, 20),
    date(2025, 2, 22),
]
due_dates = st.one_of(
    st.sampled_from(ODD_DAYS), st.dates(date(2025, 2, 22), date(2032, 12, 31))
)


class TestWindows(CollectionCase):
    """Rules of days that need no database."""

    @given(due=due_dates)
    @settings(deadline=None, derandomize=True)
    def test_pix_automatic_is_sent_before_it_can_be_cancelled_no_more(self, due):
        first, last = get_send_days(due)
        self.assertEqual(((due - first).days, (due - last).days), (10, 2))
        cancel = get_last_cancel_moment(due)
        self.assertLess(last, cancel.date() + timedelta(1))
        self.assertLess(cancel.date(), next_bank_day(due))

    @given(due=due_dates, wait=st.integers(0, 9))
    @settings(deadline=None, derandomize=True)
    def test_pix_automatic_is_tried_again_on_bank_days_of_one_week(self, due, wait):
        charge = {
            "status": "ATIVA",
            "politicaRetentativa": "PERMITE_3R_7D",
            "tentativas": [{"status": "EXPIRADA", "dataLiquidacao": due.isoformat()}],
        }
        today = due + timedelta(wait)
        day = get_retry_day(charge, today)
        if day:
            self.assertTrue(is_bank_day(day) and day > today)
            self.assertLessEqual(day, due + timedelta(RETRY_DAYS))


@tagged("post_install", "-at_install")
class TestTitleDates(CollectionCase):
    """Whatever day an invoice is due and its boleto issued, banks take it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._bill_contract(date(2026, 3, 10))
        cls.title = cls.move.collection_title_ids

    @given(due=due_dates, late=st.integers(-3, 6))
    @example(date(2026, 10, 10), 2)
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def test_title_can_be_registered_on_the_day_it_is_issued(self, due, late):
        today = due + timedelta(late)
        with (
            freeze_time(f"{today} 15:00:00"),
            self.env.cr.savepoint() as savepoint,
        ):
            self.title.state = "cancelled"
            self.move.write({"invoice_date_due": due})
            title = self.env["collection.title"]._issue_possible(self.move, today)
            self.assertEqual(len(title), 1, self.move.boleto_obstacle)
            self._check_dates(title, due, today)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _check_dates(self, title, due, today):
        register = title.instruction_ids
        driver = title.account_id._get_driver()
        for day in (today, next_bank_day(today)):
            self.assertFalse(driver._get_instruction_obstacle(register, day))
        # in time until the next bank day, without fine and interest
        is_late = next_bank_day(due) < today
        self.assertEqual(title.is_updated, is_late)
        if not is_late:
            self.assertEqual(title.amount, self.move.amount_residual)
            self.assertEqual(next_bank_day(title.due_date), next_bank_day(due))
        self._check_barcode(title)

    def _check_barcode(self, title):
        """The factor counts from 1000 on 22/02/2025 (FEBRABAN, since 2025)."""
        factor = int(title.barcode[5:9])
        self.assertEqual(
            date(2025, 2, 22) + timedelta(factor - 1000),
            title.due_date,
        )

    # === 22:30 IN SÃO PAULO IS THE NEXT DAY IN UTC ===

    @freeze_time("2026-03-11 01:30:00")
    def test_late_in_the_evening_the_due_date_is_not_over(self):
        self.title.state = "cancelled"
        self.move.action_issue_boleto()
        title = self.move.collection_title_ids - self.title
        self.assertEqual((title.due_date, title.issue_date), (date(2026, 3, 10),) * 2)
        self.assertFalse(title.is_updated)

    @freeze_time("2026-03-11 01:30:00")
    def test_late_in_the_evening_a_file_bears_the_day_of_the_company(self):
        self.account.layout = "cnab400"
        remittance = self.env["collection.remittance"]._start(self.account)
        self.assertEqual(remittance.instruction_ids.mapped("kind"), ["register"])
        self.assertIn("100326", remittance.filename)

    @freeze_time("2026-03-11 01:30:00")
    def test_late_in_the_evening_a_payment_is_told_today(self):
        fact = CollectionEvent(
            "paid",
            "06",
            date(2026, 3, 10),
            nosso_numero=self.title.nosso_numero,
            amount=self.title._get_amount_decimal(),
            paid=self.title._get_amount_decimal(),
        )
        event = self.env["collection.event"]._receive(self.account, [fact])
        event._settle()
        self.assertEqual(event.told_on, date(2026, 3, 10))
        self.assertEqual(self.move.payment_state, "paid")
        self.assertFalse(self.move.late_charge_ids)

    def test_reminder_counts_the_days_of_the_company(self):
        """Asked for at 22:30 of 10/03, which is 01:30 of the 11th in UTC."""
        self.env.cr.execute(
            "UPDATE collection_instruction SET create_date = %s WHERE id = %s",
            ["2026-03-11 01:30:00", self.title.instruction_ids.id],
        )
        self.env.invalidate_all()
        for moment, waiting in (("2026-03-11 02:00", 0), ("2026-03-11 12:00", 1)):
            with (
                freeze_time(moment),
                patch.object(type(self.account), "_remind", autospec=True) as remind,
            ):
                self.account._take_daily_step()
            self.assertEqual(remind.call_count, waiting, moment)
