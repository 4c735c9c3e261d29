"""Which step of dunning an invoice gets on a day, and the law's floor under it.

Pure functions of facts and date: no ORM, no clock. Dates are São Paulo dates.

Sources: Resolução Anatel 765/2023 (RGC), arts. 70 and 71 (suspension 15 days
after the notice), 73 to 77 (termination 60 days after the suspension, with a
warning before it); CDC art. 43 §2 (a listing is announced in writing before);
Lei 7.089/1983 (a due date without banks is kept on the next bank day).
"""

from datetime import date, timedelta
from typing import NamedTuple

# Days from the proven notice to a reduction or block, at least.
LEGAL_NOTICE_DAYS = 15
# Days from the block to the end of the contract, at least.
LEGAL_TERMINATION_DAYS = 60
# A reminder whose day was missed is still sent for so many days.
REMINDER_GRACE_DAYS = 2

NOTICE_KINDS = ("reminder", "notice", "block_warning", "termination_notice")
RESTRICTING_KINDS = ("reduce", "block")
# Steps against which nothing is done while the customer has a promise or a
# bonus period, or where the contract is never restricted by itself.
HARD_KINDS = ("reduce", "block", "credit_bureau", "cancel")


class Step(NamedTuple):
    """One step of a policy."""

    key: object  # what tells it from the others
    kind: str
    days: int  # after the anchor
    anchor: str = "due"  # "due", "notice" or "block"
    offsets: tuple[int, ...] = ()  # of a reminder, positive before the due date


class DebtFacts(NamedTuple):
    """All that decides on the steps of one open invoice of one contract."""

    due_date: date  # as the invoice says
    payable_until: date  # the due date, or the bank day it is kept on
    noticed_on: date | None = None  # first proven overdue notice
    warned_on: date | None = None  # first proven termination notice
    blocked_on: date | None = None  # first day of the present block
    held_back_until: date | None = None  # trust unlock or bonus period
    is_auto_block: bool = True
    is_reduction_gated: bool = True
    reduce_tolerance_days: int = 0  # from the due date (S004-69)
    block_tolerance_days: int = 0  # from the due date (S004-70)
    taken: frozenset = frozenset()  # (step key, offset) of what was done


class DueStep(NamedTuple):
    """A step to take: `hold` says what the law still asks for, None if nothing."""

    step: Step
    offset: int
    planned: date
    hold: str | None = None


# === THE LAW'S FLOOR ===


def get_hold(kind: str, facts: DebtFacts, day: date) -> str | None:
    """Return why the law forbids a step on a day, None where it allows it.

    :return: a code: "no_notice", "notice_too_recent", "no_block",
        "block_too_recent", "no_warning"

    >>> facts = DebtFacts(date(2026, 3, 10), date(2026, 3, 10))
    >>> get_hold("block", facts, date(2026, 6, 1))
    'no_notice'
    >>> noticed = facts._replace(noticed_on=date(2026, 3, 11))
    >>> get_hold("block", noticed, date(2026, 3, 25))
    'notice_too_recent'
    >>> get_hold("block", noticed, date(2026, 3, 26)) is None
    True
    """
    if kind == "cancel":
        return _hold_of_cancel(facts, day)
    is_gated = kind == "block" or (kind == "reduce" and facts.is_reduction_gated)
    if is_gated:
        return _hold_of_notice(facts.noticed_on, day, LEGAL_NOTICE_DAYS)
    if kind == "credit_bureau":
        return _hold_of_notice(facts.noticed_on, day, 1)
    return None


def _hold_of_notice(noticed_on, day, days):
    if not noticed_on:
        return "no_notice"
    return "notice_too_recent" if day < noticed_on + timedelta(days) else None


def _hold_of_cancel(facts, day):
    if not facts.blocked_on:
        return "no_block"
    if day < facts.blocked_on + timedelta(LEGAL_TERMINATION_DAYS):
        return "block_too_recent"
    if not facts.warned_on or facts.warned_on >= day:
        return "no_warning"
    return None


# === WHAT IS DUE ===


def get_due_steps(
    facts: DebtFacts, steps: tuple[Step, ...], day: date
) -> list[DueStep]:
    """Return the steps an open invoice gets on a day, in the policy's order.

    A step not taken on its day is taken later, but a reminder only for a few
    days, one before the due date never after it, and of several that wait the
    latest.

    >>> steps = (Step(1, "notice", 1), Step(2, "block", 15, "notice"))
    >>> facts = DebtFacts(date(2026, 3, 10), date(2026, 3, 10))
    >>> [due.step.kind for due in get_due_steps(facts, steps, date(2026, 3, 11))]
    ['notice']
    """
    due = []
    for step in steps:
        if step.kind == "reminder":
            due += _get_due_reminder(facts, step, day)
        else:
            due += _get_due_step(facts, step, day, steps)
    return due


def _get_due_reminder(facts, step, day):
    """Return the latest reminder whose day has come, if it is still of use."""
    come = []
    for offset in step.offsets:
        planned = facts.due_date - timedelta(offset)
        if offset < 0:
            planned = max(planned, facts.payable_until + timedelta(1))
        is_of_use = day <= planned + timedelta(REMINDER_GRACE_DAYS)
        if offset >= 0:
            is_of_use &= day <= (facts.payable_until if not offset else _eve(facts))
        if planned <= day and is_of_use:
            come.append(DueStep(step, offset, planned))
    latest = come[-1:]
    return [due for due in latest if (step.key, due.offset) not in facts.taken]


def _get_due_step(facts, step, day, steps):
    if (step.key, 0) in facts.taken or day <= facts.payable_until:
        return []
    if step.kind in HARD_KINDS and not _may_act(facts, day):
        return []
    planned = plan_step(facts, step, steps)
    if not planned or day < planned:
        return []
    return [DueStep(step, 0, planned, get_hold(step.kind, facts, day))]


def _may_act(facts, day):
    """Return whether steps against the customer are taken on a day."""
    is_held_back = facts.held_back_until and day <= facts.held_back_until
    return facts.is_auto_block and not is_held_back


def plan_step(facts: DebtFacts, step: Step, steps: tuple[Step, ...]) -> date | None:
    """Return the day a step is planned for, None while its anchor is unknown.

    A step after the notice that was never proven counts from the day the
    notice was planned: it comes due, and is held.
    """
    anchor = _get_anchor(facts, step, steps)
    if not anchor:
        return None
    planned = anchor + timedelta(step.days)
    return max(planned, _get_tolerated(facts, step.kind))


def _get_anchor(facts, step, steps):
    if step.anchor == "block":
        return facts.blocked_on if _is_reason_of_block(facts, steps) else None
    if step.anchor == "notice":
        return facts.noticed_on or _plan_first(facts, "notice", steps)
    return facts.due_date


def _is_reason_of_block(facts, steps):
    """Return whether the service is blocked for this invoice too: one that fell
    due since goes its own way down the ladder."""
    return any(s.kind == "block" and (s.key, 0) in facts.taken for s in steps)


def _plan_first(facts, kind, steps):
    days = [facts.due_date + timedelta(s.days) for s in steps if s.kind == kind]
    return min(days, default=None)


def _get_tolerated(facts, kind):
    """Return the first day the contract's own tolerance allows."""
    days = {"reduce": facts.reduce_tolerance_days, "block": facts.block_tolerance_days}
    tolerance = days.get(kind) or 0
    return max(facts.due_date + timedelta(tolerance), facts.payable_until)


def _eve(facts):
    return facts.due_date - timedelta(1)


# === WHAT WILL HAPPEN ===


def get_timeline(due_date: date, payable_until: date, steps: tuple[Step, ...]) -> list:
    """Return what becomes of an invoice that nobody pays: [(day, step, offset)].

    It supposes that each notice is proven on the day it is planned.

    >>> steps = (Step(1, "notice", 1), Step(2, "block", 15, "notice"))
    >>> [day.isoformat() for day, _step, _offset in get_timeline(
    ...     date(2026, 3, 10), date(2026, 3, 10), steps)]
    ['2026-03-11', '2026-03-26']
    """
    facts = DebtFacts(due_date, payable_until)
    first = min(
        (due_date - timedelta(o) for s in steps for o in s.offsets), default=due_date
    )
    last = due_date + timedelta(LEGAL_TERMINATION_DAYS * 4)
    timeline, day = [], min(first, due_date)
    while day <= last and len(facts.taken) < sum(len(s.offsets) or 1 for s in steps):
        for due in get_due_steps(facts, steps, day):
            if not due.hold:
                timeline.append((day, due.step, due.offset))
                facts = take(facts, due, day)
        day += timedelta(1)
    return timeline


def take(facts: DebtFacts, due: DueStep, day: date) -> DebtFacts:
    """Return the facts after a step was taken, its notice proven the same day."""
    changes = {"taken": facts.taken | {(due.step.key, due.offset)}}
    if due.step.kind == "notice":
        changes["noticed_on"] = facts.noticed_on or day
    elif due.step.kind == "termination_notice":
        changes["warned_on"] = facts.warned_on or day
    elif due.step.kind == "block":
        changes["blocked_on"] = facts.blocked_on or day
    return facts._replace(**changes)


# === POLICIES ===


def find_disorder(steps: tuple[Step, ...], is_reduction_gated: bool = True):
    """Return (step key, rule) of the first step that breaks a rule, None if none.

    Rules: "no_notice" (a restriction without a notice before it), "too_early"
    (before the law's days), "no_block" and "no_warning" (an end of the contract
    without them before), "out_of_order" (planned before a step that stands
    above it).

    >>> find_disorder((Step(1, "notice", 1), Step(2, "block", 10, "notice")))
    (2, 'too_early')
    >>> find_disorder((Step(1, "notice", 1), Step(2, "block", 15, "notice")))
    """
    known = _Milestones()
    for step in steps:
        if step.kind == "reminder":
            continue
        planned = _plan_after(step, known)
        rule = _find_broken_rule(step, planned, known, is_reduction_gated)
        if rule:
            return step.key, rule
        known = known.reach(step.kind, planned)
    return None


class _Milestones(NamedTuple):
    """What a policy has come to, in days after the due date; None if not yet."""

    noticed: int | None = None
    blocked: int | None = None
    warned: int | None = None
    last: int | None = None  # the step above

    def reach(self, kind, planned):
        """Return the milestones after one more step; the first of a kind counts."""
        names = {
            "notice": "noticed",
            "block": "blocked",
            "termination_notice": "warned",
        }
        name = names.get(kind)
        reached = self._replace(last=planned)
        if not name or getattr(self, name) is not None:
            return reached
        return reached._replace(**{name: planned})


def _plan_after(step, known):
    """Return the day of a step after the due date, None if its anchor is unknown."""
    anchors = {"due": 0, "notice": known.noticed, "block": known.blocked}
    anchor = anchors[step.anchor]
    return None if anchor is None else anchor + step.days


def _find_broken_rule(step, planned, known, is_reduction_gated):
    """Return the first rule a step of a policy breaks, None if none."""
    if planned is None:
        return "no_notice" if step.anchor == "notice" else "no_block"
    rule = "too_early" if planned < 1 else None
    rule = rule or _find_broken_floor(step.kind, planned, known, is_reduction_gated)
    if rule or known.last is None or planned >= known.last:
        return rule
    return "out_of_order"


def _find_broken_floor(kind, planned, known, is_reduction_gated):
    """Return what the law asks for before a step, None if that is planned."""
    if kind == "cancel":
        return _find_broken_floor_of_cancel(planned, known)
    is_gated = kind == "block" or (kind == "reduce" and is_reduction_gated)
    if not is_gated and kind != "credit_bureau":
        return None
    if known.noticed is None:
        return "no_notice"
    days = LEGAL_NOTICE_DAYS if is_gated else 1
    return "too_early" if planned < known.noticed + days else None


def _find_broken_floor_of_cancel(planned, known):
    if known.blocked is None:
        return "no_block"
    if known.warned is None or known.warned >= planned:
        return "no_warning"
    return "too_early" if planned < known.blocked + LEGAL_TERMINATION_DAYS else None
