from odoo import api, models


class CollectionBackend(models.AbstractModel):
    """How an account talks to its bank: one file beside this for each way.

    Whatever the way, instructions go out and `tools.collection_event` events come in.
    Outside calls are made by jobs, never in the transaction that issues or settles.
    """

    _name = "collection.backend"
    _description = "Way to Talk to a Bank"

    @api.model
    def _check_account(self, account):
        """Raise a UserError that names what the account lacks for this way."""
        account._get_driver()._check_account(account)

    @api.model
    def _takes(self, title, kind):
        """Return whether the bank can be asked for such a change of a title it knows.

        :param kind: of `const.INSTRUCTION_KINDS`
        """
        return True

    @api.model
    def _instruct(self, instructions):
        """See to it that instructions reach the bank.

        Called in the transaction that makes them: it may queue a job, not call.
        """

    @api.model
    def _take_return(self, account, found):
        """Take what a return file tells beside its events; called while it is imported.

        :param found: the `tools.return_file.ReturnFile` that `_read_return` gave
        """
