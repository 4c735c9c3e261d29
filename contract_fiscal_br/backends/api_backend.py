from datetime import timedelta

from odoo import api, fields, models

# Instructions one job carries out, one after the other with one token.
BATCH_SIZE = 50


class CollectionBackendApi(models.AbstractModel):
    """What all ways over an API share: jobs call the bank, after the transaction.

    A way over an API says how one instruction is carried out (`_carry_out`), whether
    the bank did what it gave no answer to (`_find_done`), what became of titles
    (`_ask`), and what happened since a moment (`_list_since`).
    """

    _name = "collection.backend.api"
    _description = "Way to a Bank over an API"
    _inherit = "collection.backend"

    @api.model
    def _check_account(self, account):
        account._check_api_bank()

    @api.model
    def _instruct(self, instructions):
        instructions._queue_for_api()

    @api.model
    def _carry_out(self, session, instruction):
        """Do at the bank what is asked; return whether it is done now.

        :raise BankError: see `tools.bank_error`
        """
        raise NotImplementedError()

    @api.model
    def _find_done(self, session, instruction):
        """Return whether the bank did what it did not answer to, and note it."""
        raise NotImplementedError()

    @api.model
    def _ask(self, session, titles):
        """Return the events of what became of titles."""
        raise NotImplementedError()

    @api.model
    def _list_since(self, session, account, moment):
        """Return the events of all titles since a moment (UTC)."""
        raise NotImplementedError()

    @api.model
    def _ask_report(self, session, account, references):
        """Return the events of what a report names (`tools.bank_report`)."""
        raise NotImplementedError()

    @api.model
    def _get_doubtful(self, account, limit):
        """Return titles that have to be asked about one by one."""
        raise NotImplementedError()

    @api.model
    def _test(self, session):
        """Make a call that changes nothing; raise what the bank says against it."""
        raise NotImplementedError()

    @api.model
    def _register_webhook(self, session, account, url):
        """Tell the bank where to report payments."""
        raise NotImplementedError()

    @api.model
    def _is_due(self, instruction):
        """Return whether an instruction may go to the bank now."""
        return True

    @api.model
    def _after_events(self, account):
        """Do what follows from the events just settled."""

    @api.model
    def _get_overlap(self):
        """Return how far back of the last time a bank is asked again."""
        return timedelta(hours=2)

    @api.model
    def _get_today(self, account):
        return account.company_id._get_local_date()

    @api.model
    def _now(self):
        return fields.Datetime.now()
