from datetime import timedelta
from decimal import Decimal

from hypothesis import note

from ..const import LIVE_STATES


class BankSteps:
    """What banks tell in `TestBankLives`; a number decides of what and how much."""

    def _hear(self, account, *facts):
        known = self.facts[account]
        keys = {fact.get_key() for fact in known}
        known += [fact for fact in facts if fact.get_key() not in keys]
        new = self.env["collection.event"]._receive(account, list(facts))
        new._settle()
        self.events |= new
        for event in new:
            note(f"    {event.kind} of {event.title_id.id}: {event.outcome}")

    def _hear_paid(self, title, amount, number):
        fee = 1 if number % 3 == 0 and amount > 2 else 0
        values = {"external_id": f"E{title.id}-{number}"} if number % 5 == 0 else {}
        day = self.day - timedelta(days=number % 4)
        fact = self._paid(
            title, day, amount, fee=fee, net=round(amount - fee, 2), **values
        )
        self._hear(title.account_id, fact)

    def _step_pay(self, number):
        """Any title, dead ones included, with any amount."""
        title = self._pick(self._get_titles(), number)
        amount = self._pick([0.01, 40.0, 99.85, 99.90, 99.91, 102.39, 199.80], number)
        self._hear_paid(title, amount, number)

    def _step_pay_what_it_asks(self, number):
        """As a bank's cashier asks it: fine and interest by the title's terms."""
        live = self._get_titles().filtered(lambda t: t.state in LIVE_STATES)
        title = self._pick(live, number)
        if title:
            self._hear_paid(title, self._get_asked(title), number)

    def _get_asked(self, title):
        late = max((self.day - title.due_date).days, 0)
        amount = title.amount
        if late:
            fine = round(amount * title.late_fee_percent / 100, 2)
            amount += fine + round(
                title.amount * title.late_interest_percent / 3000 * late, 2
            )
        return round(amount, 2)

    def _step_pay_again(self, number):
        """A title that was paid, or whose invoice was: once more."""
        paid = self._get_titles().filtered(
            lambda t: t.state == "paid" or t.withdrawal or t.state not in LIVE_STATES
        )
        title = self._pick(paid, number)
        if title:
            self._hear_paid(title, title.amount, number)

    def _step_say_other_way(self, _number):
        """Tell the last payment that came by file by the API, or the reverse."""
        by_file = self.events.filtered(
            lambda e: (
                e.kind == "paid"
                and e.title_id
                and e.paid
                and not e.external_id
                and not e.also_told_as
            )
        )
        if by_file:
            event, count = by_file[-1], len(self.events)
            self._hear(
                event.account_id,
                self._paid(
                    event.title_id,
                    event.occurred_on,
                    Decimal(str(event.paid)),
                    external_id=f"twin-{event.id}",
                ),
            )
            self.assertEqual(len(self.events), count)

    def _step_say_all_again(self, _number):
        count = len(self.events)
        for account, facts in self.facts.items():
            if facts:
                self._hear(account, *facts)
        self.assertEqual(len(self.events), count)

    def _step_give_back(self, number):
        paid = self.events.filtered(lambda e: e.kind == "paid" and e.paid)
        event = self._pick(paid, number)
        if event:
            share = self._pick([1, 1, Decimal("0.5")], number)
            amount = (Decimal(str(event.paid)) * share).quantize(Decimal("0.01"))
            if not amount:
                return
            title = event.title_id or event.nosso_numero
            self._hear(
                event.account_id,
                self._tell("returned", title, self.day, paid=amount),
            )

    def _step_unknown(self, number):
        account = self._pick(list(self.accounts), number)
        self._hear(account, self._paid(f"98765{number}", self.day, 99.90))

    def _step_other_account(self, number):
        """A number of one bank told by the other."""
        title = self._pick(self._get_titles(), number)
        (other,) = set(self.accounts) - {title.account_id}
        taken = self._get_titles().filtered(
            lambda t: t.account_id == other and t.nosso_numero == title.nosso_numero
        )
        if not taken:
            known = self.events
            self._hear(other, self._paid(title, self.day, title.amount))
            outcomes = set((self.events - known).mapped("outcome"))
            self.assertLessEqual(outcomes, {"unknown_title"})

    def _notice(self, title, kind, **values):
        if title:
            self._hear(title.account_id, self._tell(kind, title, self.day, **values))

    def _step_register(self, number):
        waiting = self._get_titles().filtered(
            lambda t: t.state in ("draft", "to_register", "sent")
        )
        for title in waiting:
            title.instruction_ids.filtered(
                lambda i: i.state == "pending"
            ).state = "sent"
            title.state = "sent"
            self._notice(title, "registered")

    def _step_reject(self, number):
        self._notice(self._pick(self._get_titles(), number), "rejected")

    def _step_write_off(self, number):
        """What is asked for, or by itself."""
        titles = self._get_titles()
        asked = titles.filtered(lambda t: t.withdrawal and t.state in LIVE_STATES)
        title = self._pick(asked or titles, number)
        title.instruction_ids.filtered(lambda i: i.state == "pending").state = "sent"
        self._notice(title, "written_off")

    def _step_answer(self, number):
        waiting = self._get_titles().instruction_ids.filtered(
            lambda i: (
                i.state in ("pending", "sent")
                and i.kind not in ("register", "write_off")
            )
        )
        instruction = self._pick(waiting.sorted("id"), number)
        if instruction and instruction.title_id.state == "registered":
            instruction.state = "sent"
            kind = "refused" if number % 3 == 0 else "changed"
            self._notice(instruction.title_id, kind)
