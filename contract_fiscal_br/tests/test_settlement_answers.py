from datetime import date

from odoo.tests import tagged

from .settle_common import SettleCase

DAY = date(2026, 3, 11)


@tagged("post_install", "-at_install")
class TestSettlementAnswers(SettleCase):
    """What the bank answers goes to what it was asked."""

    def setUp(self):
        super().setUp()
        self.title.state = "registered"
        self.title.instruction_ids.state = "confirmed"
        self.due = self.title._instruct("change_due_date", due_date=date(2026, 4, 1))
        self.amount = self.title._instruct("change_amount", amount=80.0)
        (self.due | self.amount).state = "sent"

    def _get_states(self):
        return (self.due.state, self.amount.state)

    def test_rebate_confirms_the_lower_amount(self):
        self._settle(self._tell("changed", self.title, DAY, occurrence="12"))
        self.assertEqual(self._get_states(), ("sent", "confirmed"))
        self.assertEqual(self.title.amount, 80.0)

    def test_answer_that_names_the_command(self):
        """Unicred confirms by 02 and refuses by 03, whatever was asked."""
        self._settle(self._tell("changed", self.title, DAY, occurrence="02-04"))
        self.assertEqual(self._get_states(), ("sent", "confirmed"))
        self._settle(self._tell("refused", self.title, DAY, occurrence="03-06"))
        self.assertEqual(self._get_states(), ("refused", "confirmed"))

    def test_refusal_leaves_a_registered_title_registered(self):
        """Banco do Brasil refuses instructions by the code of registrations, 03."""
        self.amount.state = "cancelled"
        self._settle(self._tell("rejected", self.title, DAY, reasons=("28",)))
        self.assertEqual(self.title.state, "registered")
        self.assertEqual(self.due.state, "refused")
