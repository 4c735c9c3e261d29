from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.api_events import read_pix
from .settle_common import SettleCase

DUE = date(2026, 3, 10)
TODAY = date(2026, 3, 11)


class WorstDaysCase(SettleCase):
    """The bank tells everything, but not as it happened."""

    def _receive(self, *told, **source):
        return self.env["collection.event"]._receive(self.account, list(told), **source)

    def _return(self, title=None, paid=99.90, day=DUE, **values):
        return self._tell("returned", title or self.title, day, paid=paid, **values)

    def _get_suspense(self):
        return self._get_balance(self.account._get_suspense_account())

    def _get_money(self):
        return self._get_balance(self.bank_journal.default_account_id)


@tagged("post_install", "-at_install")
class TestOddDays(WorstDaysCase):
    """A day that cannot be costs nobody interest and hides no entry."""

    def test_payment_of_2062_bears_no_interest_of_36_years(self):
        event = self._settle(self._paid(self.title, date(2062, 3, 10)))
        self.assertEqual((event.outcome, event.to_look), ("settled", True))
        self.assertEqual(event.posted_line_ids.date, TODAY)
        # told on 11/03, a day late: 2 % of 99,90 and 99,90 × 1 % / 30
        self.assertEqual(sum(self.move.late_charge_ids.mapped("amount")), 2.03)
        self.assertIn("2062, which cannot be", event.story)

    def test_payment_of_1926_is_posted_today(self):
        event = self._settle(self._paid(self.title, date(1926, 3, 10)))
        self.assertEqual(event.posted_line_ids.date, TODAY)
        self.assertTrue(event.to_look)

    def test_payment_of_nobody_knows_what_years_ago(self):
        event = self._settle(self._paid("987654", date(1990, 3, 10)))
        self.assertEqual(event.posted_line_ids.date, TODAY)

    def test_credit_of_2062_is_posted_on_the_day_of_the_payment(self):
        event = self._settle(self._paid(self.title, credit_date=date(2062, 3, 10)))
        self.assertEqual(event.posted_line_ids.date, DUE)
        self.assertTrue(event.to_look)

    def test_old_payment_told_late_keeps_its_day(self):
        with freeze_time("2028-03-11 12:00:00"):
            event = self._settle(self._paid(self.title))
        self.assertEqual(event.posted_line_ids.date, DUE)
        self.assertFalse(event.to_look)

    def test_odd_day_of_a_notice_is_nobodys_work(self):
        event = self._settle(self._tell("registered", self.title, date(2062, 3, 10)))
        self.assertFalse(event.to_look)

    def test_pix_around_midnight_is_of_its_day_in_sao_paulo(self):
        # 22:30 of the due date is 01:30 of the 11th in UTC
        for moment, day in (
            ("2026-03-11T01:30:00.000Z", DUE),
            ("2026-03-11T03:30:00.000Z", TODAY),
            ("2026-03-11T00:30:00-03:00", TODAY),
        ):
            pix = {"endToEndId": "E1", "txid": "t", "valor": "99.90", "horario": moment}
            with self.subTest(moment):
                self.assertEqual(read_pix(pix).occurred_on, day)

    def test_year_end_without_banks_is_paid_on_the_next_bank_day(self):
        self.move.invoice_date_due = date(2026, 12, 31)
        with freeze_time("2027-01-05 12:00:00"):
            self._settle(self._paid(self.title, date(2027, 1, 4)))
        self.assertFalse(self.move.late_charge_ids)


@tagged("post_install", "-at_install")
class TestOddAmounts(WorstDaysCase):
    """What the bank's amounts do not say is not guessed."""

    def test_cents_are_forgone_once(self):
        """The second payment of 2,00 is short of 2,50 that the first one paid."""
        first, second = self._settle(
            self._paid(self.title, date(2026, 3, 25), 102.40),
            self._paid(self.title, date(2026, 3, 25), 2.00),
        )
        self.assertEqual((first.outcome, first.credit_amount), ("settled", 0.0))
        self.assertEqual(
            (second.outcome, second.credit_amount, second.concession_amount),
            ("second_payment", 2.00, 0.0),
        )
        self.assertEqual(self._get_credit(), 2.00)

    def test_unknown_occurrence_with_money_is_held(self):
        event = self._settle(self._tell("unknown", self.title, DUE, paid=99.90, fee=1))
        self.assertEqual((event.outcome, event.to_look), ("unknown_occurrence", True))
        self.assertFalse(event.posted_line_ids)
        self.assertEqual(self._get_balance(self.account._get_fee_account()), 0.0)
        self.assertIn("99.90", event.story)
        self.assertIn("Post This Payment", event.story)

    def test_held_money_is_posted_once_a_person_knows(self):
        clerk = self._create_user("clerk", "group_contract_billing")
        event = self._settle(self._tell("unknown", self.title, DUE, paid=99.90))
        event.with_user(clerk).action_post_payment()
        self.assertEqual((event.state, event.outcome), ("done", "settled"))
        self.assertEqual(self.move.payment_state, "paid")
        with self.assertRaisesRegex(UserError, "held back"):
            event.with_user(clerk).action_post_payment()
        # told again it is known
        self.assertFalse(
            self._settle(self._tell("unknown", self.title, DUE, paid=99.90))
        )

    def test_only_who_bills_posts_held_money(self):
        reader = self._create_user("reader", "group_contract_reader")
        event = self._settle(self._tell("unknown", self.title, DUE, paid=99.90))
        with self.assertRaisesRegex(UserError, "Ask a manager"):
            event.with_user(reader).action_post_payment()

    def test_amount_in_a_notice_moves_nothing(self):
        for kind in ("written_off", "protested", "refused", "other"):
            with self.subTest(kind):
                event = self._settle(self._tell(kind, self.title, DUE, paid=99.90))
                self.assertFalse(event.posted_line_ids)

    def test_amount_told_later_pays(self):
        for named in ({}, {"external_id": "b-1"}):
            with self.subTest(named), self.env.cr.savepoint() as savepoint:
                empty = self._settle(self._paid(self.title, paid=0, net=0, **named))
                self.assertEqual(empty.outcome, "no_amount")
                event = self._settle(self._paid(self.title, **named))
                self.assertEqual(event.outcome, "settled")
                self.assertEqual(empty.to_look, not named)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_fee_greater_than_the_payment(self):
        before = self._get_money()
        event = self._settle(self._paid(self.title, paid=1.00, fee=5.00, net=0))
        self.assertEqual((event.outcome, event.applied_amount), ("partial", 1.00))
        self.assertAlmostEqual(self._get_money() - before, -4.00)

    def test_credit_a_hundred_times_too_large_waits_in_suspense(self):
        event = self._settle(self._paid(self.title, fee=1, net=9990))
        self.assertTrue(event.to_look)
        self.assertEqual(self._get_suspense(), -9890.10)
        self.assertEqual(event.applied_amount, 99.90)

    def test_hundredfold_payment_is_a_credit_to_look_at(self):
        event = self._settle(self._paid(self.title, paid=9990))
        self.assertEqual((event.outcome, event.credit_amount), ("surplus", 9890.10))
        self.assertTrue(event.to_look)

    def test_bank_journal_and_invoices_are_in_the_companys_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        journal = self.bank_journal.copy({"name": "Euro", "currency_id": euro.id})
        with self.assertRaisesRegex(ValidationError, "is kept in EUR"):
            self.account.journal_id = journal
        self._bill_month(date(2026, 4, 1))
        april = self._find_move(date(2026, 4, 10))
        april.collection_title_ids._cancel_unsent()
        april.button_draft()
        april.currency_id = euro
        april.action_post()
        with self.assertRaisesRegex(UserError, "is in EUR"):
            april.action_issue_boleto()


@tagged("post_install", "-at_install")
class TestOddOrder(WorstDaysCase):
    """Whatever comes first, the books end the same."""

    def test_return_told_before_its_payment(self):
        back = self._settle(self._return())
        self.assertEqual(back.outcome, "unmatched_return")
        payment = self._settle(self._paid(self.title))
        self.assertEqual((back.outcome, back.returned_event_id), ("returned", payment))
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assertEqual((self._get_suspense(), self._get_credit()), (0.0, 0.0))
        # what was paid in February is all that is left
        self.assertEqual(self._get_money(), 99.90)
        self.assertTrue(self.move._needs_boleto())

    def test_return_of_a_part_told_before_its_payment(self):
        self._settle(self._return(paid=30))
        self._settle(self._paid(self.title))
        self.assertEqual(self.move.amount_residual, 30.00)
        self.assertEqual(self._get_suspense(), 0.0)

    def test_return_told_before_a_payment_of_nobody(self):
        self._settle(self._return("987654"))
        payment = self._settle(self._paid("987654"))
        self.assertEqual(payment.outcome, "unknown_title")
        self.assertEqual((self._get_suspense(), payment.free_amount), (0.0, 0.0))

    def test_return_of_another_title_is_left_alone(self):
        back = self._settle(self._return("987654"))
        self._settle(self._paid(self.title))
        self.assertEqual(back.outcome, "unmatched_return")
        self.assertEqual(self.move.payment_state, "paid")

    def test_return_of_a_payment_that_had_failed(self):
        self.company.fiscalyear_lock_date = date(2026, 3, 10)
        payment = self._receive(self._paid(self.title))
        payment._settle()
        self.assertEqual(payment.state, "failed")
        back = self._settle(self._return(day=date(2026, 3, 12)))
        self.assertEqual(back.outcome, "unmatched_return")
        self.company.fiscalyear_lock_date = False
        payment.action_retry()
        self.assertEqual((payment.state, back.outcome), ("done", "returned"))
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assertEqual(self._get_suspense(), 0.0)

    def test_registration_refused_after_the_payment(self):
        self._settle(self._paid(self.title))
        self._settle(self._tell("rejected", self.title, DUE))
        self.assertEqual(self.title.state, "paid")

    def test_write_off_confirmed_after_the_payment(self):
        self.title.state = "registered"
        self.title._change("write_off")
        self.title.instruction_ids.state = "sent"
        event = self._settle(self._paid(self.title))
        self._settle(self._tell("written_off", self.title, DUE))
        self.assertEqual((event.outcome, self.title.state), ("settled", "paid"))

    def test_one_of_a_batch_fails_alone(self):
        other = self._create_contract(
            date(2026, 2, 10), partner=self._create_customer("João")
        )
        self._bill_month(date(2026, 2, 1))
        title = other.charge_ids.move_id.collection_title_ids
        self.company.fiscalyear_lock_date = date(2026, 2, 28)
        events = self._receive(
            self._paid(self.title),
            self._paid(title, date(2026, 2, 10)),
            self._paid("5"),
        )
        events._settle()
        self.assertEqual(events.mapped("state"), ["done", "failed", "done"])
        self.assertIn("Try Again", events[1].story)
        self.assertTrue(events[1].to_look)


@tagged("post_install", "-at_install")
class TestToldAgain(WorstDaysCase):
    """The same payment told by two ways or files is posted once; what may be another
    one is held for a person."""

    def _by_api(self, number="b-1", title=None, **values):
        return self._paid(
            title or self.title, occurrence="LIQUIDADO", external_id=number, **values
        )

    def _file(self, number, *told, day=TODAY):
        file = self.env["collection.return.file"].create(
            {
                "account_id": self.account.id,
                "filename": f"CB{number}.RET",
                "raw_content": str(number).encode(),
                "sha256": str(number),
                "file_number": number,
                "created_on": day,
            }
        )
        events = self._receive(*told, return_file_id=file.id)
        events._settle()
        return events

    def test_file_after_api(self):
        self._settle(self._by_api())
        self.assertFalse(self._settle(self._paid(self.title)))
        self.assertEqual(self._get_credit(), 0.0)

    def test_api_after_file_however_often(self):
        event = self._settle(self._paid(self.title))
        for _time in range(2):
            self.assertFalse(self._settle(self._by_api()))
        self.assertEqual(event.also_told_as, "b-1|paid|1")
        # another identity is another payment
        self.assertEqual(self._settle(self._by_api("b-2")).outcome, "second_payment")

    def test_file_tells_two_and_the_api_one(self):
        self._settle(self._by_api())
        event = self._settle(self._paid(self.title), self._paid(self.title))
        self.assertEqual((len(event), event.outcome), (1, "second_payment"))

    def test_saturday_by_api_is_monday_in_the_file(self):
        # 07/03/2026 is a Saturday
        self._settle(self._by_api(day=date(2026, 3, 7)))
        self.assertFalse(self._settle(self._paid(self.title, date(2026, 3, 9))))

    def test_another_day_is_held_for_a_person(self):
        self._settle(self._by_api(day=date(2026, 3, 9)))
        event = self._settle(self._paid(self.title, date(2026, 3, 11)))
        self.assertEqual((event.outcome, event.to_look), ("told_again", True))
        self.assertFalse(event.posted_line_ids)
        self.assertEqual(event.delay_days, 0)
        event.action_post_payment()
        self.assertEqual((event.outcome, event.delay_days), ("second_payment", 1))
        self.assertEqual(self._get_credit(), 99.90)

    def test_another_amount_is_another_payment(self):
        self._settle(self._by_api())
        event = self._settle(self._paid(self.title, paid=50.00))
        self.assertEqual(event.outcome, "second_payment")

    def test_second_payment_in_another_file_is_held(self):
        """Paid twice on one day; the bank tells it in two files."""
        self._file(1, self._paid(self.title))
        event = self._file(2, self._paid(self.title), self._paid("5"))[1]
        self.assertEqual((event.outcome, event.paid), ("told_again", 99.90))
        self.assertIn("Post This Payment", event.story)
        event.action_post_payment()
        self.assertEqual(event.outcome, "second_payment")

    def test_file_that_tells_the_day_again_holds_nothing(self):
        told = [self._paid(self.title), self._paid("5")]
        self._file(1, *told)
        event = self._file(2, *told, self._paid("6"))
        self.assertEqual((len(event), event.nosso_numero), (1, "6"))

    def test_held_payment_is_held_once(self):
        self._file(1, self._paid(self.title))
        told = [self._paid(self.title), self._paid("5")]
        self.assertEqual(len(self._file(2, *told)), 2)
        # a third file that grows, as some banks' do through the day
        self.assertEqual(len(self._file(3, *told, self._paid("6"))), 1)

    def test_part_of_a_day_in_another_file_is_held(self):
        self._file(1, self._paid(self.title), self._paid("5"))
        event = self._file(2, self._paid(self.title))
        self.assertEqual(event.outcome, "told_again")
