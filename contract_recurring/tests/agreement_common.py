from datetime import date
from decimal import Decimal

from odoo.tests import freeze_time

from ..tools.instalments import Terms
from .late_common import LateCase
from .service_common import ServiceCase

AGREED = date(2026, 4, 25)


class AgreementCase(LateCase):
    """Ana owes R$ 99,90 of 10/03 and of 10/04/2026; it is 25/04.

    Fine and interest: 2,00 + 99,90 × 1 % ÷ 30 × 46 days = 1,53 of March, and
    2,00 + 99,90 × 1 % ÷ 30 × 15 days = 0,50 of April: 205,83 in all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill_month(date(2026, 4, 1))
        cls.april = cls._find_invoice(cls.contract, date(2026, 4, 10))
        cls.originals = cls.invoice | cls.april
        cls.agreements = cls.env["contract.debt.agreement"]
        cls.receivable = cls.invoice._get_open_receivable().account_id

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-04-25 12:00:00"))

    @classmethod
    def _terms(cls, count=3, first_due=date(2026, 4, 30), entry=0, discount=0, **more):
        return Terms(
            count=count,
            first_due=first_due,
            entry=Decimal(str(entry)),
            entry_due=AGREED if entry else None,
            discount_percent=Decimal(str(discount)),
            **more,
        )

    def _agree(self, moves=None, day=AGREED, **terms):
        return self.agreements._agree(
            moves or self.originals, self._terms(**terms), day
        )

    def _pay_part(self, agreement, number, day, amount=None):
        part = agreement.instalment_ids.filtered(lambda part: part.number == number)
        return self._pay(part.move_id, day, amount or part.move_id.amount_residual)

    def _get_balance(self, account):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("partner_id", "=", self.contract.partner_id.id),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _get_clearing_balance(self):
        account = self.company.agreement_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _get_events(self):
        return self.contract.event_ids.filtered(lambda e: e.kind == "agreement")

    _take_step = classmethod(ServiceCase._take_step.__func__)
    _restrict = classmethod(ServiceCase._restrict.__func__)
