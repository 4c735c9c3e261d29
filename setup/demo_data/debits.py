"""Direct debit: what customers authorise, and files that go to the bank and come."""

import base64
from datetime import datetime, time, timedelta

from freezegun import freeze_time
from simulators.bank_files_150 import NO_FUNDS

from .banks import SENDING, SETTLING, create_mode
from .company import NAME
from .customers import make_cpf
from .jobs import do_jobs
from .progress import say

MORNING = time(12)  # UTC; nine in São Paulo
BANK, AGREEMENT = "756", "229386"
BRANCH = "4327"
NAME_OF_MODE = "Débito automático Sicoob"
LETTER = {
    "agency": BRANCH,
    "account_number": "417270",
    "account_digit": "1",
    "backend": "cnab_debit",
    "agreement": AGREEMENT,
}
INVALID_ACCOUNT = "15"
# Who agrees, and what the bank answers to their first debits.
STORIES = (
    {},
    {"payer": ("Rosa Maria Prates", make_cpf(900_001))},
    {"codes": [NO_FUNDS]},
    {"codes": [INVALID_ACCOUNT]},
    {"is_waiting": True},
    {"leaves": True},
)
# Somebody registered at the bank with a code that nobody has.
STRANGER = "000009992"


def agree(env, bank, contracts, month):
    """Offer direct debit; most authorise it at the bank, one payer signs a term."""
    if not contracts:
        return
    say("direct debit: authorisations")
    mode = _create_mode(env)
    contracts.payment_mode_id = mode
    account = mode.collection_account_id
    agreed = month - timedelta(days=3)
    with freeze_time(datetime.combine(agreed, MORNING), tick=True):
        for contract, tale in zip(contracts, STORIES, strict=False):
            authorization = _offer(contract, account, tale.get("payer"))
            code = authorization.debit_code
            bank.answers[code] = tale.get("codes", [])
            if authorization.state == "waiting" and not tale.get("is_waiting"):
                bank.opt_in(code, BRANCH, f"{510_000 + contract.id}", agreed)
            if tale.get("leaves"):
                bank.opt_out(code, BRANCH, "", month + timedelta(days=27))
        _take_return(account, bank, agreed)


def _create_mode(env):
    mode = create_mode(env, BANK, "cnab240", "Débito Sicoob", LETTER, NAME_OF_MODE)
    mode.collection_account_id.debit_fallback_mode_id = env[
        "account.payment.mode"
    ].search(
        [
            ("collection_account_id.bank", "=", BANK),
            ("collection_account_id.backend", "=", "cnab_file"),
        ],
        limit=1,
    )
    return mode


def _offer(contract, account, payer):
    """Return the authorisation of a contract; somebody else's is signed on paper."""
    values = {"contract_id": contract.id, "account_id": account.id}
    authorizations = contract.env["direct.debit.authorization"]
    if not payer:
        return authorizations.create(values)
    name, vat = payer
    term = f"Eu, {name}, autorizo {NAME} a debitar a conta 88776-6."
    authorization = authorizations.create(
        values
        | {
            "payer_name": name,
            "payer_vat": vat,
            "branch": BRANCH,
            "bank_account": "887766",
            "term": base64.b64encode(term.encode()),
            "term_name": "autorizacao-de-debito.txt",
        }
    )
    authorization.action_authorise()
    return authorization


# === A MONTH ===


def live(env, bank, month, until):
    """Send the debits of a month, and take the bank's answers of the days before."""
    account = env["collection.account"].search([("backend", "=", "cnab_debit")])
    if not account:
        return
    say(f"direct debits of {month:%m/%Y}")
    with freeze_time(month, tick=True) as clock:
        day = month
        while day < until:
            clock.move_to(datetime.combine(day, MORNING))
            _send(account, bank, day)
            bank.debit_until(day)
            _take_return(account, bank, day)
            day = _get_next_day(bank, day)


def leave(env, bank, today):
    """Let the bank register today what will be refused by the next remittance."""
    account = env["collection.account"].search([("backend", "=", "cnab_debit")])
    if account:
        bank.opt_in(STRANGER, BRANCH, "998877", today)
        _take_return(account, bank, today)


def _send(account, bank, day):
    """Send what waits, as far ahead as the bank is told; commits."""
    remittance = account.env["collection.remittance"]._start(account)
    for _job in do_jobs(account.env, SENDING):
        pass
    if remittance.state != "generated":
        return
    remittance.action_mark_sent()
    bank.receive(base64.b64decode(remittance.content), on=day)


def _take_return(account, bank, day):
    """Import what the bank tells of a day; commits."""
    env = account.env
    if bank.news:
        name = f"DEB{day:%d%m}{bank.file_number + 1:02}.RET"
        data = bank.make_return(day)
        env["collection.return.file"]._import(data, name, account)
    env.cr.commit()
    for _job in do_jobs(env, SETTLING):
        pass


def _get_next_day(bank, day):
    """Return the next day of debits, or of a file: once a week at least."""
    week = day + timedelta(days=7)
    return min((one for one in bank.get_days() if one > day), default=week)
