"""Two banks of the company: their accounts, and the files that go and come."""

import base64
from datetime import datetime, time

from freezegun import freeze_time
from simulators.bank_files import BankFiles

from .jobs import do_jobs
from .progress import say

SENDING = "root.remittance"
SETTLING = "root.collection"
MORNING = time(12)  # UTC; nine in São Paulo
# (bank, layout, name, what the letter of the bank says)
ACCOUNTS = (
    (
        *("341", "cnab400", "Itaú 109"),
        {
            "agency": "0057",
            "account_number": "12345",
            "account_digit": "7",
            "wallet": "109",
            "is_hybrid": True,
            "pix_key": "11444777000161",
        },
    ),
    (
        *("756", "cnab240", "Sicoob 1"),
        {
            "agency": "4327",
            "account_number": "417270",
            "account_digit": "1",
            "wallet": "1",
            "agreement": "229385",
            "variation": "01",
        },
    ),
)
PLANS_OF_SECOND_BANK = ("FIBRA700", "FIBRA1000")


def set_up_accounts(env):
    """Let contracts be paid by boletos: of the first bank, some plans of the second."""
    if env["collection.account"].search_count([("company_id", "=", env.company.id)]):
        return
    first, second = (create_mode(env, *account) for account in ACCOUNTS)
    env.company.contract_payment_mode_id = first
    plans = env["contract.template"].search([("code", "in", PLANS_OF_SECOND_BANK)])
    plans.payment_mode_id = second


def create_mode(env, bank, layout, name, letter, mode_name=None):
    """Return the payment mode of a new account; accounts of a bank share its journal.

    :param dict letter: what the bank's letter says of the account
    :param mode_name: of what is no boleto
    """
    code = f"B{bank}"
    journals = env["account.journal"]
    company = [("company_id", "=", env.company.id)]
    journal = journals.search([("code", "=", code), *company]) or journals.create(
        {"name": name, "code": code, "type": "bank"}
    )
    account = env["collection.account"].create(
        {
            "name": name,
            "bank": bank,
            "layout": layout,
            "journal_id": journal.id,
            "instructions": "Em caso de dúvida, fale com a Conecta Fibra.",
            **letter,
        }
    )
    return env["account.payment.mode"].create(
        {
            "name": mode_name or f"Boleto {name}",
            "bank_account_link": "fixed",
            "fixed_journal_id": journal.id,
            "payment_method_id": env.ref("account.account_payment_method_manual_in").id,
            "collection_account_id": account.id,
        }
    )


class Bank:
    """The bank of an account, as far as its files tell.

    What was sent is read again from the remittances, so that an interrupted demo
    goes on where it stopped.
    """

    def __init__(self, account):
        self.account = account
        self.files = BankFiles()
        for remittance in account.remittance_ids.sorted("id"):
            if remittance.state in ("sent", "acknowledged"):
                self.files.receive(base64.b64decode(remittance.content))
        self.files.notices = []
        returns = account.env["collection.return.file"].search_count(
            [("account_id", "=", account.id)]
        )
        self.files.file_number = returns

    def take_remittance(self, day):
        """Send what waits as on the morning of a day; bring back the answers."""
        env = self.account.env
        with freeze_time(datetime.combine(day, MORNING), tick=True):
            remittance = env["collection.remittance"]._start(self.account)
            for _job in do_jobs(env, SENDING):
                pass
            if remittance.state != "generated":
                return
            remittance.action_mark_sent()
            self.files.receive(base64.b64decode(remittance.content), on=day)
        remittance.action_mark_acknowledged()
        self.give_return(day)

    def give_return(self, day):
        """Import a return file with all that is new at the bank; commits."""
        env = self.account.env
        name = f"CB{day:%d%m}{self.files.file_number + 1:02}.RET"
        data = self.files.make_return(day)
        env["collection.return.file"]._import(data, name, self.account)
        env.cr.commit()
        for _job in do_jobs(env, SETTLING):
            pass


def get_banks(env):
    accounts = env["collection.account"].search(
        [("company_id", "=", env.company.id), ("backend", "=", "cnab_file")],
        order="id",
    )
    return [Bank(account) for account in accounts]


def send_titles(env, day):
    """Let every bank register the boletos that wait; commits."""
    say(f"remittances and returns of {day:%d/%m/%Y}")
    for bank in get_banks(env):
        bank.take_remittance(day)
