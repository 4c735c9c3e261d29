from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from ..tools.collection_event import CollectionEvent
from .common import CollectionCase

PIX_KEY = "123e4567-e12b-12d1-a456-426655440000"

AMOUNTS = (
    "amount",
    "paid",
    "interest",
    "fine",
    "discount",
    "rebate",
    "fee",
    "net",
)


class SettleCase(CollectionCase):
    """Maria's contract of R$ 99,90, whose invoice is due on 10/03/2026, a Tuesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # billed from 10/02 on, so that March is a whole month
        cls.contract = cls._create_contract(date(2026, 2, 10))
        cls._bill_month(date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls._find_move(date(2026, 3, 10))
        cls.title = cls.move.collection_title_ids
        first = cls._find_move(date(2026, 2, 10))
        cls._settle(cls._paid(first.collection_title_ids, date(2026, 2, 10)))

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-03-11 12:00:00"))

    @classmethod
    def _find_move(cls, due_date, contract=None):
        """Return the invoice of a contract that falls due on a day."""
        moves = (contract or cls.contract).charge_ids.move_id
        return moves.filtered(
            lambda move: (
                move.invoice_date_due == due_date and not move._is_late_invoice()
            )
        )

    @classmethod
    def _tell(cls, kind, title, day, **values):
        """Return what a bank tells of a title, or of a nosso número."""
        codes = {"registered": "02", "rejected": "03", "paid": "06", "fee": "28"}
        codes |= {"written_off": "09", "refused": "26", "unknown": "99"}
        number = title if isinstance(title, str) else title.nosso_numero
        values |= {
            name: Decimal(str(values[name])) for name in AMOUNTS if name in values
        }
        return CollectionEvent(
            kind,
            values.pop("occurrence", codes.get(kind, "00")),
            day,
            nosso_numero=number,
            **values,
        )

    @classmethod
    def _paid(cls, title, day=date(2026, 3, 10), paid=99.90, **values):
        values = {"amount": 99.90, "paid": paid, "net": paid} | values
        return cls._tell("paid", title, day, **values)

    @classmethod
    def _settle(cls, *told, account=None):
        """Return the events of what a bank tells, settled."""
        events = cls.env["collection.event"]._receive(
            account or cls.account, list(told)
        )
        events._settle()
        assert set(events.mapped("state")) <= {"done"}, events.mapped("message")
        return events

    def _get_balance(self, account):
        """Return the balance of an account in the books."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _get_lines(self, events):
        """Return [(account, balance)] of the entry of events, the smallest first."""
        lines = events.posted_line_ids.move_id.line_ids
        return sorted(
            ((line.account_id, line.balance) for line in lines),
            key=lambda pair: pair[1],
        )

    def _get_credit(self, partner=None):
        """Return what a customer has to get, as a positive amount."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", (partner or self.partner).id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
            ]
        )
        return round(-sum(lines.mapped("amount_residual")), 2)

    def _prepare_pix_refunds(self):
        """Let the account pay refunds; return the customer's Pix key."""
        self.account.is_refund_account = True
        return self.env["res.partner.pix"].create(
            {"partner_id": self.partner.id, "key_type": "evp", "key": PIX_KEY}
        )

    def _approve_refund(self, event):
        """Let the credit that a payment left be on its way back."""
        refund = self.env["customer.refund"].create(
            {
                "partner_id": self.partner.id,
                "line_id": event._get_free_lines().id,
                "way": "pix",
                "pix_id": self._prepare_pix_refunds().id,
                "account_id": self.account.id,
                "reason": "Paid twice",
            }
        )
        refund.state = "approved"
