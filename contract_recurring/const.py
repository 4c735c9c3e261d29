"""Names shared by models, data and tests."""

# contract.contract.generation_type of the contracts this addon bills; OCA's
# own cron asks for "invoice" and so passes them by.
GENERATION_TYPE = "billing_run"

# The life of a contract and the steps it may take.
LIFECYCLE_STEPS = {
    "draft": {"waiting", "active", "deactivated"},
    "waiting": {"active", "draft", "deactivated"},
    "active": {"suspended", "closed"},
    "suspended": {"active", "closed"},
    "closed": {"active", "deactivated"},
    "deactivated": {"draft"},
}

# States in which the monthly amount is recurring revenue.
REVENUE_STATES = ("active", "suspended")

# Charges for the time of a line: at most one may cover a day of it.
PERIOD_KINDS = ("recurring", "prorata")

# What gives days charged back: at most one may cover a day of a line.
CREDIT_KINDS = ("credit", "exemption", "outage")

# Fine and interest of late payment; they bear neither themselves.
LATE_KINDS = ("fine", "interest")

# What was sold or entered once.
SALE_KINDS = ("one_off", "adjustment", "activation", "penalty")

# Payment states of an invoice with something left to pay.
OPEN_PAYMENT_STATES = ("not_paid", "partial")

# Share by which an amount may differ from the last cycle's before a
# simulation asks somebody to look at it.
SUSPICIOUS_CHANGE_PERCENT = 30.0

# Ways of telling a customer something, in the order they are tried.
NOTICE_CHANNELS = ("email", "whatsapp", "sms")

# Notices about a debt: not sent any more once it is paid.
DEBT_NOTICE_KINDS = (
    "reminder",
    "notice",
    "block_warning",
    "restricted",
    "termination_notice",
)
# Notices the law asks for: no opt-out keeps them back (Res. Anatel 765/2023,
# arts. 70 and 73).
LEGAL_NOTICE_KINDS = ("notice", "termination_notice")

# What a customer has received, as far as can be proved.
NOTICED_STATES = ("sent", "delivered", "read")

# Why a contract has the service it has.
SERVICE_REASONS = [
    ("overdue", "overdue invoice"),
    ("manual", "by hand"),
    ("trust_unlock", "trust unlock"),
    ("bonus", "bonus period"),
    ("no_auto_block", "no automatic blocking"),
    ("suspended", "temporarily suspended"),
    ("not_active", "not in force"),
]

# States of an agreement about a debt in which its instalments are owed.
LIVE_AGREEMENT_STATES = ("waiting", "running")
