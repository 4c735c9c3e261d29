from odoo.exceptions import UserError


class AccountBusyError(UserError):
    """A collection account is held by another transaction: wait and try again."""
