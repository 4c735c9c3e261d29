from datetime import date

from odoo.tests import freeze_time, tagged

from .agreement_common import AgreementCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestCreditListing(AgreementCase):
    """When an agreement takes its debts off the credit bureau's list.

    Agreed on Saturday 25/04/2026, first instalment paid on Thursday 30/04: five
    bank days, the holiday of Friday 01/05 left out, end on Friday 08/05.
    """

    def setUp(self):
        super().setUp()
        entry = self._take_step(
            self.contract, self.invoice, "credit_bureau", date(2026, 4, 20)
        )
        listings = self.env["contract.credit.listing"]
        self.listing = listings._enter(entry, date(2026, 4, 20))

    def _pay_first(self, agreement):
        with freeze_time("2026-04-30 12:00:00"):
            return self._pay_part(agreement, 1, date(2026, 4, 30))

    def test_the_first_payment_takes_it_off_and_not_the_signature(self):
        self.listing.action_note_listed()
        agreement = self._agree()
        self.assertEqual(self.listing.state, "listed")
        self._pay_first(agreement)
        self.assertEqual(self.listing.state, "to_remove")
        self.assertEqual(self.listing.remove_until, date(2026, 5, 8))

    def test_the_company_may_take_it_off_with_the_signature(self):
        """Five bank days after Saturday 25/04: Monday 27/04 to Monday 04/05."""
        self.company.credit_listing_removal = "agreement"
        self.listing.action_note_listed()
        agreement = self._agree()
        self.assertEqual(self.listing.state, "to_remove")
        self.assertEqual(self.listing.remove_until, date(2026, 5, 4))
        self._pay_first(agreement)
        self.assertEqual(self.listing.remove_until, date(2026, 5, 4))

    def test_who_agrees_is_not_put_on_the_list_any_more(self):
        self._agree()
        self.assertEqual(self.listing.state, "dropped")

    def test_an_agreement_cancelled_leaves_the_list_as_it_was(self):
        self.listing.action_note_listed()
        self.company.credit_listing_removal = "agreement"
        agreement = self._agree()
        agreement._cancel(date(2026, 4, 26))
        self.assertEqual(self.listing.state, "listed")
        self.assertFalse(self.listing.remove_until)

    def test_a_broken_one_puts_what_waited_back_in_the_queue(self):
        agreement = self._agree()
        agreement._break(date(2026, 4, 26))
        self.assertEqual(self.listing.state, "to_list")

    def test_a_first_payment_that_is_undone_keeps_it_listed(self):
        self.listing.action_note_listed()
        agreement = self._agree()
        payment = self._pay_first(agreement)
        payment.move_id._reverse_moves([{"date": date(2026, 5, 2)}], cancel=True)
        self.assertEqual(agreement.state, "waiting")
        self.assertEqual(self.listing.state, "listed")

    def test_what_was_taken_off_stays_off(self):
        self.listing.action_note_listed()
        agreement = self._agree()
        self._pay_first(agreement)
        self.listing.action_note_removed()
        agreement._break(date(2026, 5, 20))
        self.assertEqual(self.listing.state, "removed")
