from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..const import LIVE_STATES
from .settle_common import SettleCase

DUE = date(2026, 3, 10)
LOCKED_UNTIL = date(2026, 3, 12)
CLOSED = r"The books are closed"
NOBODYS = "987654"

titles = st.integers(0, 3)
cents = st.sampled_from([0, 1, 4000, 9985, 9990, 9991, 10239, 10240, 19980, 999000])
days = st.integers(-3, 40)
steps = st.one_of(
    st.tuples(st.just("pay"), titles, cents, days, st.booleans(), st.booleans()),
    st.tuples(st.just("pay_twice"), titles, cents, days),
    st.tuples(st.just("give_back"), titles, cents, days),
    st.tuples(
        st.just("notice"),
        titles,
        st.sampled_from(
            ["registered", "rejected", "written_off", "protested", "unknown", "fee"]
        ),
        days,
    ),
    st.tuples(st.sampled_from(["say_all_again", "say_other_way"])),
    st.tuples(st.sampled_from(["close_books", "open_books"])),
    st.tuples(st.sampled_from(["post_held", "find_invoice", "undo"])),
    st.tuples(
        st.sampled_from(["pay_by_hand", "credit", "redo", "second_copy"]),
        st.integers(0, 1),
    ),
)


@tagged("post_install", "-at_install")
class TestBankStories(SettleCase):
    """Whatever a bank tells, in whatever order, by two ways, while an office works on
    the same invoices: after each step every cent told is somewhere, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._create_contract(date(2026, 2, 10), partner=cls.partner)
        cls._bill_month(date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.other = cls._find_move(DUE, other)
        cls.moves = [cls.move, cls.other]
        cls.moves[1].collection_title_ids.state = "registered"
        cls.accounts = {
            "fee": cls.account._get_fee_account(),
            "granted": cls.account._get_discount_account(),
            "suspense": cls.account._get_suspense_account(),
            "money": cls.bank_journal.default_account_id,
        }

    @given(story=st.lists(steps, min_size=3, max_size=14))
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        # a story takes about a second: to make a failing one shorter would take minutes
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def test_every_cent_told_is_somewhere_once(self, story):
        with self.env.cr.savepoint() as savepoint:
            self._begin()
            for name, *arguments in story:
                note(f"{name} {arguments}")
                getattr(self, f"_step_{name}")(*arguments)
                self._check()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _begin(self):
        self.facts = []  # what the bank told, in its order
        self.events = self.env["collection.event"]
        self.before = self._read_books()

    # === THE BANK ===

    def _get_title(self, number):
        """Return one of the boletos, the latest copies included; 3 is nobody's."""
        if number == 3:
            return NOBODYS
        own = [title for move in self.moves for title in move.collection_title_ids]
        return own[number % len(own)]

    def _hear(self, *facts):
        self.facts += [fact for fact in facts if fact not in self.facts]
        new = self.env["collection.event"]._receive(self.account, list(facts))
        new._settle()
        self.events |= new

    def _step_pay(self, title, cents, days, has_fee, is_api):
        fee = 1 if has_fee and cents > 100 else 0
        fact = self._paid(
            self._get_title(title),
            DUE + timedelta(days),
            Decimal(cents) / 100,
            fee=fee,
            net=Decimal(cents) / 100 - fee,
            **({"external_id": f"E{title}-{cents}-{days}"} if is_api else {}),
        )
        self._hear(fact)

    def _step_pay_twice(self, title, cents, days):
        fact = self._paid(
            self._get_title(title), DUE + timedelta(days), Decimal(cents) / 100
        )
        self._hear(fact, fact)

    def _step_give_back(self, title, cents, days):
        self._hear(
            self._tell(
                "returned",
                self._get_title(title),
                DUE + timedelta(days),
                paid=Decimal(cents) / 100,
            )
        )

    def _step_notice(self, title, kind, days):
        values = {"fee": 1.75} if kind == "fee" else {}
        if kind == "unknown":
            values = {"paid": 99.90}
        self._hear(
            self._tell(kind, self._get_title(title), DUE + timedelta(days), **values)
        )

    def _step_say_all_again(self):
        self._hear(*self.facts)

    def _step_say_other_way(self):
        """Tell the last payment that came by file by the API, or the reverse."""
        by_file = [
            event
            for event in self.events
            if event.kind == "paid"
            and event.title_id
            and event.paid
            and not event.external_id
            and not event.also_told_as
        ]
        if by_file:
            event = by_file[-1]
            known = len(self.events)
            self._hear(
                self._paid(
                    event.title_id,
                    event.occurred_on,
                    Decimal(str(event.paid)),
                    external_id=f"twin-{event.id}",
                )
            )
            self.assertEqual(len(self.events), known)

    # === THE OFFICE ===

    def _step_close_books(self):
        self.company.fiscalyear_lock_date = LOCKED_UNTIL

    def _step_open_books(self):
        self.company.fiscalyear_lock_date = False
        failed = self.events.filtered(lambda event: event.state == "failed")
        if failed:
            failed.action_retry()

    def _step_post_held(self):
        held = self.events.filtered("is_held")
        if held:
            held[:1].action_post_payment()

    def _step_find_invoice(self):
        event = self.events.filtered(lambda e: e._get_free_lines())[:1]
        is_open = [m for m in self.moves if m.payment_state in ("not_paid", "partial")]
        move = is_open[0] if is_open else self.env["account.move"]
        if event and (not move or move.state == "posted"):
            event._apply(self.partner, move)

    def _step_undo(self):
        resolved = self.events.filtered("resolution")
        if resolved:
            resolved[-1:].action_undo()

    def _step_pay_by_hand(self, number):
        move = self.moves[number]
        if move._is_to_be_collected():
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"payment_date": date(2026, 3, 20)})._create_payments()

    def _step_credit(self, number):
        move = self.moves[number]
        if move._is_to_be_collected() and not self.company.fiscalyear_lock_date:
            move._reverse_moves([{"date": date(2026, 3, 20)}], cancel=True)

    def _step_redo(self, number):
        """Reset an open invoice to draft and post it again."""
        move = self.moves[number]
        if (
            move.payment_state == "not_paid"
            and move.state == "posted"
            and not self.company.fiscalyear_lock_date
        ):
            move.button_draft()
            move.action_post()

    def _step_second_copy(self, number):
        move = self.moves[number]
        if move._is_to_be_collected():
            day = date(2026, 4, 6)
            self.env["collection.title"]._issue_updated(move, day, day)

    # === WHAT ALWAYS HOLDS ===

    def _check(self):
        self.env.flush_all()
        self._check_states()
        self._check_books()
        self._check_outcomes()
        self._check_customers()

    def _check_states(self):
        """Nothing fails but for closed books, and what fails is on the list."""
        for event in self.events:
            if event.state == "failed":
                self.assertRegex(event.message, CLOSED)
                self.assertTrue(event.to_look)
            elif event.state == "pending":
                self.assertEqual(event.kind, "returned")

    def _check_books(self):
        """The bank's money and fees are what it told, and no more."""
        done = self.events.filtered(lambda event: event.state == "done")
        paid = done.filtered(lambda event: event.kind == "paid")
        returned = done.filtered(lambda event: event.kind == "returned")
        fees = done.filtered(lambda event: event.kind in ("paid", "fee"))
        moved = {
            name: round(balance - self.before[name], 2)
            for name, balance in self._read_books().items()
        }
        fee = sum(fees.mapped("fee"))
        money = sum(paid.mapped("paid")) - sum(returned.mapped("paid")) - fee
        self.assertAlmostEqual(moved["money"], money, 2)
        self.assertAlmostEqual(moved["fee"], fee, 2)
        lines = done.posted_line_ids.filtered(
            lambda line: line.account_id != self.accounts["money"]
        )
        # all of it stands against customers and suspense
        granted = moved["granted"]
        self.assertAlmostEqual(-sum(lines.mapped("balance")), money + fee + granted, 2)
        standing = paid.filtered(lambda event: event._get_kept_paid())
        self.assertAlmostEqual(granted, sum(standing.mapped("concession_amount")), 2)

    def _check_outcomes(self):
        """Each payment tells where its money went."""
        for event in self.events.filtered(lambda e: e.state == "done" and e.paid):
            if event.kind == "paid":
                landed = event.applied_amount + event.credit_amount
                landed += event.suspense_amount - event.concession_amount
                self.assertAlmostEqual(landed, event.paid, 2, event.story)
                if event.credit_amount:
                    self.assertFalse(event.concession_amount, event.story)
                self.assertTrue(event.posted_line_ids)
            elif event.kind != "returned":
                self.assertTrue(event.to_look and event._is_held(), event.story)

    def _check_customers(self):
        """No invoice is paid beyond what it asks, none is collected twice."""
        for move in self.moves:
            live = move.collection_title_ids.filtered(
                lambda title: title.state in LIVE_STATES and not title.withdrawal
            )
            self.assertLessEqual(len(live), 1)
            if move.state == "posted":
                self.assertGreaterEqual(move.amount_residual, 0.0)
                if not move.amount_residual:
                    self.assertFalse(live, move.collection_title_ids.mapped("state"))
            fines = move._get_live_late_charges().filtered(lambda c: c.kind == "fine")
            # 2 % of 99,90
            self.assertLessEqual(round(sum(fines.mapped("amount")), 2), 2.00)

    def _read_books(self):
        return {name: self._get_balance(found) for name, found in self.accounts.items()}
