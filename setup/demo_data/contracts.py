"""Two years of contracts, in every state, taken over by the demo's month.

Most contracts are older than this database: what they owed until the month
before the demo's is taken as billed elsewhere. That month is billed here as
the last cycle, so that the demo's own month has something to differ from.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from .company import find_sellers
from .customers import draw, prepare_customer
from .debtors import DEBTORS, PLAN, get_first_open, prepare_debtor
from .places import choose_place, find_city
from .plans import BY_CODE, choose_plan
from .progress import Progress

BATCH_SIZE = 200
# More would take longer than the demo is worth; the others are taken over a
# month later, and the simulation calls them new.
HISTORY_LIMIT = 2000

# (lifecycle, share): what the kanban shows. The rest is active; contracts are
# closed after the last cycle was billed.
STATES = (("draft", 3), ("waiting", 4), ("deactivated", 1), ("suspended", 2))
# Shares of the active: begun in the demo's month, or in the one before.
NEW_SHARE = 0.04
RECENT_SHARE = 0.06
MONTHS_BACK = 24

OWN_ADDRESS_SHARE = 0.12
CUSTOM_PRICE_SHARE = 0.08
COURTESY_SHARE = 0.004
TAGS = {"Condomínio": 3, "Órgão público": 5, "Cliente VIP": 10}
TAG_SHARE = 0.1


@dataclass(frozen=True)
class Calendar:
    """The days the demo turns on."""

    month: date
    today: date

    @property
    def last_month(self):
        return self.month - relativedelta(months=1)

    @property
    def stand(self):
        """Return the day the demo shows: today, or the last one of its month."""
        return min(self.month + relativedelta(day=31), self.today)

    @property
    def last_day(self):
        """Return the last day on which a contract may have begun."""
        return min(self.month + relativedelta(day=31), max(self.today, self.month))

    def takeover(self, number):
        """Return the first due date that is billed here."""
        first_open = get_first_open(number, self.stand)
        if first_open:
            return first_open
        return self.last_month if number < HISTORY_LIMIT else self.month


def create_contracts(env, total, done, days, on_batch):
    """Create the contracts from number ``done`` to ``total``; commits by batch.

    :param on_batch: called with the next number before each commit
    """
    tags = _find_tags(env)
    sellers = find_sellers(env)
    templates = env["contract.template"].search([("code", "in", list(BY_CODE))])
    plans = {plan.code: plan for plan in templates}
    progress = Progress("Loading contracts", total)
    progress.advance(done)
    for numbers in batched(range(done, total), BATCH_SIZE):
        partners = env["res.partner"].create(
            [prepare_debtor(n, prepare_customer(env, n)) for n in numbers]
        )
        contracts = env["contract.contract"].create(
            [
                _prepare_contract(env, number, partner, plans, sellers, tags, days)
                for number, partner in zip(numbers, partners, strict=True)
            ]
        )
        for number, contract in zip(numbers, contracts, strict=True):
            _live(contract, number, days)
        on_batch(numbers[-1] + 1)
        env.cr.commit()
        # The next batch needs nothing of this one.
        env.invalidate_all()
        progress.advance(len(numbers))
    # The planner knows nothing yet of what was just written.
    env.cr.execute("ANALYZE")
    env.cr.commit()


# === ONE CONTRACT ===


def _prepare_contract(env, number, partner, plans, sellers, tags, days):
    lot = draw(number, "contract")
    plan = BY_CODE[PLAN] if number in DEBTORS else choose_plan(lot)
    start = _choose_start(lot, days)
    if number in DEBTORS:
        start = days.takeover(number) - relativedelta(months=8)
    values = env["contract.contract"]._prepare_from_plan(
        plans[plan.code],
        partner,
        start,
        date=start - timedelta(days=lot.randint(1, 12)),
        due_day=_choose_due_day(lot, plan, days),
        user_id=lot.choice(sellers).id,
    )
    if lot.random() < OWN_ADDRESS_SHARE:
        values |= _prepare_own_address(env, lot)
    if lot.random() < TAG_SHARE:
        values["tag_ids"] = [Command.link(lot.choice(tags).id)]
    _change_price(lot, values)
    if number in DEBTORS:
        day = days.takeover(number).day
        values |= {"due_day": day, "due_days_offered": False}
    return values


def _choose_start(lot, days):
    """Return the day of activation: mostly long ago, some in the last weeks."""
    chance = lot.random()
    if chance < NEW_SHARE:
        since, until = days.month, days.last_day
    elif chance < NEW_SHARE + RECENT_SHARE:
        since, until = days.last_month, days.month - timedelta(days=1)
    else:
        since = days.last_month - relativedelta(months=MONTHS_BACK)
        until = days.last_month - timedelta(days=1)
    return since + timedelta(days=lot.randint(0, (until - since).days))


def _choose_due_day(lot, plan, days):
    offered = [int(day) for day in plan.due_days.split(",") if day.strip()]
    if offered:
        return lot.choice(offered)
    # Of those who may choose any day, many chose today and tomorrow: the list
    # has a colour for each.
    tomorrow = days.today + timedelta(days=1)
    return lot.choice([days.today.day, tomorrow.day, lot.randint(1, 28)])


def _prepare_own_address(env, lot):
    place = choose_place(lot)
    city = find_city(env, place.city, place.state)
    return {
        "has_own_address": True,
        "street_name": lot.choice(
            ("Rua das Palmeiras", "Estrada Municipal", "Avenida Brasil", "Rua Sete")
        ),
        "street_number": str(lot.randint(10, 990)),
        "street_complement": lot.choice((False, "Fundos", "Bloco B", "Sala 2")),
        "district": lot.choice(place.districts),
        "city_id": city.id,
        "state_id": city.state_id.id,
        "zip": f"{lot.randint(place.first_zip, place.last_zip):05}-000",
        "address_reference": lot.choice(
            (False, "Ao lado da escola", "Portão verde", "Em frente à praça")
        ),
    }


def _change_price(lot, values):
    """Give some contracts a price of their own, and a few the plan for nothing."""
    chance = lot.random()
    lines = [line for _command, _id, line in values["contract_line_ids"]]
    if chance < COURTESY_SHARE:
        for line in lines:
            line["discount"] = 100.0
    elif chance < COURTESY_SHARE + CUSTOM_PRICE_SHARE:
        lines[0]["specific_price"] -= lot.choice((5.0, 10.0, 15.0))


def _find_tags(env):
    tags = env["contract.tag"].search([("name", "in", list(TAGS))])
    missing = TAGS.keys() - set(tags.mapped("name"))
    return tags | tags.create(
        [{"name": name, "color": TAGS[name]} for name in sorted(missing)]
    )


# === ITS LIFE ===


def _live(contract, number, days):
    """Take the contract to where it is today."""
    lot = draw(number, "life")
    names = [name for name, _share in STATES]
    shares = [share for _name, share in STATES]
    state = lot.choices([*names, "active"], [*shares, 100 - sum(shares)])[0]
    if number in DEBTORS:
        state = "active"
    if state == "draft":
        return
    if state == "deactivated":
        contract._change_state(state, days.today, "Cliente desistiu")
        return
    if state == "waiting":
        contract._change_state(state, days.today)
        return
    _activate(contract, number, days)
    if state == "suspended" and contract.date_start < days.last_month:
        until = days.last_month + timedelta(days=89)
        reason = "Temporada na praia"
        contract._suspend(days.last_month, until, reason, today=days.today)


def _activate(contract, number, days):
    """Activate the contract; what is older than this database stays billed."""
    start = contract.date_start
    if start < days.last_month:
        # The old system charged the fee.
        contract.activation_fee = 0.0
    contract._activate(start)
    first_due = days.takeover(number)
    calendar = contract.contract_line_ids[0]._get_calendar()
    taken_over = next(
        period for period in calendar.periods() if period.due_date >= first_due
    )
    if taken_over.start > start:
        first_day = taken_over.start
        contract.sudo().write({"billing_origin": first_day, "charged_from": first_day})
