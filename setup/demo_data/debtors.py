"""Customers who stopped paying, one for each rung of the ladder of dunning."""

from datetime import timedelta

# {number of the contract: days since the due date of its oldest open invoice},
# with the standard policy: noticed after 3 days, reduced after 18, blocked after
# 23, told of the end after 53, listed after 68, cancelled after 83: in a
# month before the demo's, which then bills the credit.
DEBTORS = {10: 9, 11: 20, 13: 30, 14: 34, 16: 57, 18: 72, 20: 121, 22: 26}
# Has neither e-mail nor telephone: what follows a notice waits.
UNREACHABLE = 22
LONGEST = timedelta(days=max(DEBTORS.values()))
PLAN = "FIBRA300"


def prepare_debtor(number, customer):
    """Return the values of a customer, without addresses where nobody is reached."""
    if number == UNREACHABLE:
        return customer | {"email": False, "phone": False}
    return customer


def get_first_open(number, day):
    """Return the due date from which a debtor owes, None for who pays."""
    age = DEBTORS.get(number)
    return age and day - timedelta(days=age)


def find_debtors(env):
    refs = [f"DEMO-{number + 1:06}" for number in DEBTORS]
    return env["res.partner"].search([("ref", "in", refs)])
