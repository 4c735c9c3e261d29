import base64
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.contract_fiscal_br.tests.common import CollectionCase

from .simulated import BankFiles

ISSUED = date(2026, 3, 2)
DUE = date(2026, 3, 10)
PAID = date(2026, 4, 9)
RETURNED = date(2026, 4, 10)


@tagged("post_install", "-at_install")
class TestCollectionStory(CollectionCase):
    """One invoice from its boleto to the credit that pays the next.

    On paper: R$ 99,90 fall due on Tuesday 10/03/2026 and are paid on 09/04, thirty
    days late: fine 2 % = 2,00; interest 1 % = 1,00; together 102,90. The same boleto
    is paid again on 10/04: 99,90 too much. May's invoice gives nine days of April back,
    on which the service was blocked, 99,90 × 9/31 = 29,00; of the credit, the other
    70,90 pay it, and 29,00 are left.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = BankFiles(fee="1.50")
        with freeze_time(ISSUED):
            cls.contract = cls._create_contract(DUE)
            cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id
        cls.title = cls.move.collection_title_ids

    def _send(self):
        """Return the titles that reach the bank with the next remittance."""
        remittance = self.env["collection.remittance"]._start(self.account)
        return self.bank.receive(base64.b64decode(remittance.content), on=ISSUED)

    def _import(self, day):
        """Import the return file the bank gives on a day."""
        data = self.bank.make_return(day)
        return self.env["collection.return.file"]._import(data, f"CB{day:%d%m%y}.RET")

    def _find_bill(self, due_date):
        return self.contract.charge_ids.move_id.filtered(
            lambda move: (
                move.invoice_date_due == due_date and not move._is_late_invoice()
            )
        )

    def test_from_boleto_to_credit(self):
        with freeze_time(ISSUED):
            self._check_registration()
        with freeze_time("2026-03-28 12:00:00"):
            self._check_block()
        with freeze_time("2026-04-02 12:00:00"):
            self._bill_month(date(2026, 4, 1))
        with freeze_time("2026-04-10 12:00:00"):
            self._check_late_payment()
            self._check_second_payment()
        with freeze_time("2026-05-02 12:00:00"):
            self._check_credit()

    def _check_registration(self):
        self.assertEqual(len(self._send()), 1)
        self.assertEqual(self.title.state, "sent")
        file = self._import(ISSUED)
        self.assertEqual(file.item_ids.outcome, "registered")
        self.assertEqual(self.title.state, "registered")

    def _check_block(self):
        """What dunning enters eighteen days after the due date, its notice given."""
        self.env["contract.dunning.entry"].create(
            {
                "contract_id": self.contract.id,
                "move_id": self.move.id,
                "kind": "block",
                "date": date(2026, 3, 28),
            }
        )
        self.contract._refresh_service_state(date(2026, 3, 28))
        self.assertEqual(self.contract.service_state, "blocked")

    def _check_late_payment(self):
        self.bank.pay(self.title.nosso_numero, PAID, interest="3.00")
        file = self._import(RETURNED)
        self.assertEqual(file.item_ids.outcome, "settled")
        self.assertEqual((file.paid_total, file.fee_total), (102.90, 1.50))
        self.assertEqual(self.move.payment_state, "paid")
        late = self.move.late_charge_ids.move_id
        self.assertEqual((late.amount_total, late.payment_state), (3.00, "paid"))
        self.assertEqual(self.contract.service_state, "full")
        self.assertEqual(self.title.state, "paid")

    def _check_second_payment(self):
        self.bank.pay(self.title.nosso_numero, RETURNED)
        file = self._import(RETURNED)
        self.assertEqual(file.item_ids.outcome, "second_payment")
        self.assertEqual(file.item_ids.credit_amount, 99.90)
        self.assertIn("paid twice", file._get_report()["look"][0])

    def _check_credit(self):
        self._bill_month(date(2026, 5, 1))
        may = self._find_bill(date(2026, 5, 10))
        self.assertEqual((may.amount_total, may.payment_state), (70.90, "paid"))
        self.assertFalse(may.collection_title_ids)
        second = self.title.event_ids.filtered("credit_amount")
        self.assertEqual(second.free_amount, 29.00)
