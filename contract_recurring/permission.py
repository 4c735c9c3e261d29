"""Whether a button may do its work, checked where the work is done."""

from odoo.exceptions import UserError


def check_permission(env, group):
    """Raise a UserError unless the user has a group; Odoo itself may do anything.

    :param env: of who acts
    :param str group: XML id
    """
    if not env.su and not env.user.has_group(group):
        raise UserError(env._("You may not do this. Ask a manager for the permission."))


def lock_in_state(records, states):
    """Lock records for a step; of two people who press at once, the second is told.

    :param states: in which the step may be taken
    :raise UserError: a record in another state, which is named
    """
    records.sudo().lock_for_update(allow_referencing=True)
    labels = dict(records._fields["state"]._description_selection(records.env))
    for record in records:
        if record.state not in states:
            raise UserError(
                records.env._(
                    "%(record)s is “%(state)s”; somebody may have gone on with it. "
                    "Reload the page.",
                    record=record.display_name,
                    state=labels[record.state],
                )
            )
