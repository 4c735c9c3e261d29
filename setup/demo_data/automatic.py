"""Customers who pay by themselves: direct debit, saved cards, Pix Automático."""

from contextlib import AbstractContextManager
from datetime import timedelta

from simulators.bank_api import BankApi
from simulators.bank_files_150 import DebitFiles

from odoo.fields import Domain

from . import cards, debits, mandates
from .debtors import find_debtors

# Of the contracts that may be, as many pay by themselves at most.
MOST = 0.5
# Those at both ends meet other fates: they cannot be billed, or are transferred.
SPARED = 3


class Payers(AbstractContextManager):
    """These customers and their banks, which remember for one run of the demo.

    An interrupted demo goes on with banks that know of nothing: what was on its way
    stays there, or is collected by boletos.
    """

    def __init__(self):
        self.debit_bank = DebitFiles(debits.BANK, debits.AGREEMENT)
        self.pix_bank = BankApi()
        self.card_contracts, self.tales = None, []

    def __enter__(self):
        self.pix_bank.__enter__()
        return self

    def __exit__(self, *error):
        return self.pix_bank.__exit__(*error)

    def agree(self, env, days):
        """Let customers choose how they pay before the last cycle; once, commits."""
        if env["direct.debit.authorization"].search_count([]):
            return
        chosen = _deal(_find_contracts(env, days))
        debits.agree(env, self.debit_bank, chosen[debits], days.last_month)
        cards.agree(env, chosen[cards], days.last_month)
        self.card_contracts = chosen[cards]
        self.tales = mandates.agree(
            env, self.pix_bank, chosen[mandates], days.last_month
        )
        env.cr.commit()

    def live(self, env, month, until):
        """Debit, charge and pay a month's invoices until a day; commits."""
        debits.live(env, self.debit_bank, month, until)
        if self.card_contracts:
            cards.live(env, self.card_contracts, month, until)
        mandates.live(self.tales, month, until)

    def leave(self, env, today):
        """Let some end what they agreed to, and others be asked; commits."""
        if self.card_contracts:  # nobody was interrupted
            debits.leave(env, self.debit_bank, today)
        mandates.leave(self.tales, today)


def _find_contracts(env, days):
    contracts = env["contract.contract"].search(
        Domain("lifecycle_state", "=", "active")
        & Domain("recurring_rule_type", "=", "monthly")
        & Domain("partner_id", "not in", find_debtors(env).ids)
        & Domain("date_start", "<", days.last_month - timedelta(days=31)),
        order="id",
    )
    return contracts[SPARED : int(len(contracts) * MOST) + SPARED]


def _deal(contracts):
    """Return the contracts of each chapter; a small demo shows a bit of each."""
    chapters = (debits, cards, mandates)
    turns = [
        chapter
        for number in range(max(len(chapter.STORIES) for chapter in chapters))
        for chapter in chapters
        if number < len(chapter.STORIES)
    ]
    chosen = {chapter: contracts.browse() for chapter in chapters}
    for chapter, contract in zip(turns, contracts, strict=False):
        chosen[chapter] |= contract
    # what takes some days is told of those who pay early in the month
    return {
        chapter: some.sorted(lambda contract: (contract.due_day, contract.id))
        for chapter, some in chosen.items()
    }
