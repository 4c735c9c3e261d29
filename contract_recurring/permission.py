"""Permissions of buttons, checked where the work is done."""

from odoo.exceptions import UserError


def check_permission(env, group):
    """Raise a UserError unless the user has a group; Odoo itself may do anything.

    :param env: of who acts
    :param str group: XML id
    """
    if not env.su and not env.user.has_group(group):
        raise UserError(env._("You may not do this. Ask a manager for the permission."))
