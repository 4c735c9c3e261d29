import doctest
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import tagged

from ..tools import collection_event
from ..tools.collection_event import CollectionEvent
from .common import CollectionCase

PAID = CollectionEvent(
    "paid",
    "06",
    date(2026, 3, 10),
    nosso_numero="1",
    amount=Decimal("99.90"),
    paid=Decimal("99.90"),
)


@tagged("post_install", "-at_install")
class TestCollectionEvent(CollectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._bill_contract(date(2026, 3, 1))
        cls.title = cls.move.collection_title_ids

    def _receive(self, *events):
        return self.env["collection.event"]._receive(self.account, list(events))

    def test_examples(self):
        self.assertEqual(doctest.testmod(collection_event).failed, 0)

    def test_new_title_asks_the_bank_to_register_it(self):
        instruction = self.title.instruction_ids
        self.assertEqual((instruction.kind, instruction.state), ("register", "pending"))

    def test_event_finds_its_title(self):
        event = self._receive(PAID)
        self.assertEqual(event.title_id, self.title)
        self.assertEqual((event.paid, event.state), (99.90, "pending"))

    def test_same_event_is_stored_once(self):
        self._receive(PAID)
        self.assertFalse(self._receive(PAID))

    def test_two_equal_lines_are_two_events(self):
        self.assertEqual(len(self._receive(PAID, PAID)), 2)
        self.assertFalse(self._receive(PAID, PAID))

    def test_days_from_due_date_to_payment(self):
        late = self.title.due_date + timedelta(days=4)
        self.assertEqual(self._receive(replace(PAID, occurred_on=late)).delay_days, 4)

    def test_average_delay_counts_payments_of_known_boletos(self):
        due = self.title.due_date
        events = self._receive(
            replace(PAID, occurred_on=due + timedelta(days=4)),
            replace(PAID, occurred_on=due - timedelta(days=1)),
            replace(PAID, nosso_numero="999", occurred_on=due + timedelta(days=30)),
            replace(PAID, kind="fee", occurrence="28", fee=Decimal("1.20")),
        )
        rows = events._read_group([("id", "in", events.ids)], [], ["delay_days:avg"])
        self.assertEqual(rows, [(1.5,)])
