from odoo import api, models
from odoo.exceptions import UserError

from ..drivers.febraban_debit import KINDS


class CollectionBackendCnabDebit(models.AbstractModel):
    """Direct debit by files of 150 positions (*débito automático*).

    A debit waits for the remittance, at the earliest the account's days ahead. What
    the bank has not got yet is withdrawn without asking it.
    """

    _name = "collection.backend.cnab_debit"
    _description = "Collection by Direct Debit Files"
    _inherit = "collection.backend"

    @api.model
    def _takes(self, title, kind):
        return kind in KINDS

    @api.model
    def _instruct(self, instructions):
        """Withdraw at once what the bank has not got; the rest waits for the file."""
        for instruction in instructions:
            if instruction.kind not in KINDS:
                raise UserError(
                    self.env._(
                        "A direct debit cannot be changed at the bank. Write it off "
                        "and issue it again."
                    )
                )
            title = instruction.title_id
            if instruction.kind == "write_off" and title.state == "to_register":
                title._withdraw_debit(self.env._("Withdrawn before it was sent"))

    @api.model
    def _take_return(self, account, found):
        """Follow what customers decided at their bank, and what the bank has taken."""
        authorizations = self.env["direct.debit.authorization"].sudo()
        authorizations._take_options(account, found.options)
        authorizations._note_objections(account, found.objections)
        remittances = self.env["collection.remittance"].sudo()
        remittances._acknowledge(account, found.processed)
