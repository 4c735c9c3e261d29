from odoo import api, models
from odoo.exceptions import UserError

# What the layout knows: a debit, and taking it back.
KINDS = ("register", "write_off")


class CollectionBackendCnabDebit(models.AbstractModel):
    """Direct debit by files of 150 positions (*débito automático*).

    A debit waits for the remittance, at the earliest the account's days ahead. What
    the bank has not got yet is withdrawn without asking it.
    """

    _name = "collection.backend.cnab_debit"
    _description = "Collection by Direct Debit Files"
    _inherit = "collection.backend"

    @api.model
    def _check_account(self, account):
        """The bank's code of the agreement is all a debit file asks for."""
        if not account.agreement:
            raise UserError(
                self.env._(
                    "%(account)s: direct debit asks for the agreement's code "
                    "(convênio), as the letter of the bank names it.",
                    account=account.name,
                )
            )
        if len(account.agreement) > 20:
            raise UserError(
                self.env._(
                    "%(account)s: the agreement's code has 20 digits at most.",
                    account=account.name,
                )
            )

    @api.model
    def _get_last_nosso_numero(self, account):
        """Return the greatest number of a debit: fifteen digits fit, these are kept."""
        return 2**31 - 1

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
