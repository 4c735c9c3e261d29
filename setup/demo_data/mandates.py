"""Pix Automático: customers agree, their banks pay, or do not."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from .banks import create_mode
from .jobs import do_jobs
from .progress import say

CALLING = "root.bank"
NOON = time(15)  # UTC; midday in São Paulo
AHEAD = timedelta(days=5)
BANK = "756"
LETTER = {
    "agency": "4327",
    "account_number": "417270",
    "account_digit": "1",
    "backend": "pix_automatic",
    "api_environment": "simulator",
    "pix_key": "11444777000161",
}
RETRY, GIVE_UP = "retry", "give_up"
# What the customer says to the offer, and what becomes of each charge; the last
# goes for those to come.
STORIES = (
    {"says": "approve", "charges": ("debit",)},
    {"says": "nothing"},
    {"says": "approve", "charges": (RETRY,)},
    {"says": "reject"},
    {"says": "pay"},
    {"says": "approve", "charges": (GIVE_UP, "debit")},
    {"says": "approve", "charges": ("debit",), "ends": "revoke"},
    {"says": "approve", "charges": ("debit",), "ends": "cancel"},
    # The clerk mistyped the day, and the bank refuses the offer.
    {"says": "nothing", "days": -9},
    {"says": "approve", "charges": ("refuse_charge",)},
)


def agree(env, bank, contracts, month):
    """Offer Pix Automático before the last cycle; return the tales, commits."""
    if not contracts:
        return []
    say("Pix Automático: offers")
    _create_mode(env, bank)
    tales = [
        Tale(contract, bank, story)
        for contract, story in zip(contracts, STORIES, strict=False)
    ]
    asked = [tale for tale in tales if tale.story["says"] in ("approve", "reject")]
    with freeze_time(month - timedelta(days=12), tick=True) as clock:
        for tale in asked:
            tale.go_to(clock, month - timedelta(days=12))
            tale.offer()
            tale.answer()
    return tales


def _create_mode(env, bank):
    access = {"api_simulator_url": bank.url, "api_client_id": bank.client_id}
    name = "Sicoob Pix Automático"
    mode = create_mode(env, BANK, "cnab240", name, LETTER | access, name)
    mode.collection_account_id.debit_fallback_mode_id = (
        env.company.contract_payment_mode_id
    )


def live(tales, month, until):
    """Charge a month's invoices and let banks debit them until a day; commits."""
    if not tales:
        return
    say(f"Pix Automático in {month:%m/%Y}")
    tales[0].bank.today = until
    tales[0].call()  # what was billed today goes to the bank today
    steps = [step for tale in tales for step in tale.get_steps(month)]
    with freeze_time(month, tick=True) as clock:
        while steps:
            day, tale, step = min(steps, key=lambda one: one[0])
            steps.remove((day, tale, step))
            if day <= until:
                tale.go_to(clock, day)
                steps += step() or []


def leave(tales, today):
    """Let some customers end it, and offer it to others today; commits."""
    for tale in tales:
        tale.bank.today = today
        if tale.story.get("ends") and tale.mandate.state == "approved":
            tale.end()
        elif tale.story["says"] == "nothing":
            wrong = tale.story.get("days")
            tale.offer(**({"date_start": today + timedelta(wrong)} if wrong else {}))


class Tale:
    """What happens between one customer, the bank, and us."""

    def __init__(self, contract, bank, story):
        self.contract, self.bank, self.story = contract, bank, story
        self.env = contract.env
        self.mandate = self.env["pix.mandate"]

    def go_to(self, clock, day):
        clock.move_to(datetime.combine(day, NOON))
        self.bank.today = day

    def get_steps(self, month):
        """Return (day, tale, step) of what a month begins with."""
        moves = self.contract.charge_ids.move_id.filtered(
            lambda move: (
                move._is_to_be_collected()
                and month <= move.invoice_date_due < month + relativedelta(months=1)
            )
        )
        if self.story["says"] == "pay" and not self.mandate:
            return [(month, self, lambda: self.offer_first(month))] if moves else []
        if self.mandate.state != "approved":
            return []
        return [
            (
                max(month, move.invoice_date_due - AHEAD),
                self,
                lambda move=move: self.charge(move),
            )
            for move in moves
        ]

    # === THE CUSTOMER ===

    def offer(self, **values):
        mandates = self.env["pix.mandate"]
        account = self.contract._find_automatic_account()
        prepared = mandates._prepare_offer(self.contract, account)
        self.mandate = mandates.create(prepared | values)
        self.mandate.action_offer()
        self.call()

    def answer(self):
        """Let the customer answer to the offer, as the bank reports."""
        number = self.mandate.recurrence_number
        getattr(self.bank, self.story["says"])(number)
        self._report({"recurrences": [[number]]})

    def offer_first(self, day):
        """Offer it with the open invoice."""
        self.offer(journey="3")
        return [(day + timedelta(days=2), self, self.pay_first)]

    def pay_first(self):
        """Let the customer pay the open invoice, and agree with that."""
        title = self.mandate._get_first_charge()
        pix = self.bank.pay_and_agree(self.mandate.recurrence_number)
        self._report({"pix": [[pix["endToEndId"], title.txid]]})

    def end(self):
        if self.story["ends"] == "cancel":
            self.mandate.action_cancel()
            self.call()
            return
        self.bank.revoke(self.mandate.recurrence_number)
        self._report({"recurrences": [[self.mandate.recurrence_number]]})

    # === CHARGES ===

    def charge(self, move):
        """Send the charge of an invoice, instead of its boleto if it has one."""
        charges = self.story.get("charges", ("debit",))
        outcome = charges[min(len(self.mandate.title_ids), len(charges) - 1)]
        titles = move._get_current_titles()
        if not titles.pix_mandate_id:
            titles._withdraw("replaced", "Pago por Pix Automático")
            move.payment_mode_id = self.mandate.account_id._get_automatic_mode()
            titles = titles._issue_possible(move, self.bank.today)
        self.call()
        if titles.txid not in self.bank.cobrs:
            return []
        self.bank.schedule(titles.txid)
        return [(move.invoice_date_due, self, lambda: self.settle(titles, outcome))]

    def settle(self, title, outcome):
        """Let the customer's bank debit, or say why it does not."""
        txid = title.txid
        if outcome in (RETRY, GIVE_UP):
            self.bank.fail_debit(txid, final=outcome == GIVE_UP)
        else:
            getattr(self.bank, outcome)(txid)
        self._report({"charges": [[txid]]})
        if outcome != RETRY:
            return []
        again = self.bank.cobrs[txid]["tentativas"][-1]["dataLiquidacao"]
        day = date.fromisoformat(again)
        return [(day, self, lambda: self.settle(title, "debit"))]

    # === JOBS ===

    def _report(self, references):
        self.mandate.account_id._queue_report(references)
        self.call()

    def call(self):
        self.env.cr.commit()
        for _job in do_jobs(self.env, CALLING):
            pass
