from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.modules.registry import Registry
from odoo.tools import SQL


class ContractCallMixin(models.AbstractModel):
    """A record for which the outside is called once, whoever dies in between.

    That it is being called is committed before the call, on a cursor of its own, and
    the row stays locked during the call. Who dies in between leaves an unlocked row in
    that state: nobody knows what the outside did, so nothing is repeated before that is
    found out.
    """

    _name = "contract.call.mixin"
    _description = "Reason for a Call to the Outside"

    @contextmanager
    def _own_transaction(self):
        """Yield these records on a cursor of their own, committed at the end.

        A job must not commit its own: queue_job knows a living job by its lock.
        """
        with Registry(self.env.cr.dbname).cursor() as cr:
            yield self.with_env(self.env(cr=cr))

    def _lock_row(self, *states):
        """Lock the row until the transaction ends; return the state it is in.

        :param states: one of which it must be in; none: any
        :return: None where it is in another, or somebody else holds it
        """
        self.ensure_one()
        wanted = SQL("state IN %s", states) if states else SQL("TRUE")
        try:
            self.env.cr.execute(
                SQL(
                    "SELECT state FROM %s WHERE id = %s AND %s "
                    "FOR NO KEY UPDATE SKIP LOCKED",
                    SQL.identifier(self._table),
                    self.id,
                    wanted,
                ),
                log_exceptions=False,
            )
        except SerializationFailure:
            self.env.cr.rollback()
            return None
        row = self.env.cr.fetchone()
        self.invalidate_recordset()
        return row and row[0]

    @api.model
    def _lock_left_behind(self, state):
        """Lock what is in a state that only lasts during a call, and nobody holds."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE state = %s FOR NO KEY UPDATE SKIP LOCKED",
                SQL.identifier(self._table),
                state,
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())
