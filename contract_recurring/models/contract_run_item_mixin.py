import logging

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import LockError, UserError

_logger = logging.getLogger(__name__)


class ContractRunItemMixin(models.AbstractModel):
    """One thing a run does: it waits, is done, or failed alone with a message."""

    _name = "contract.run.item.mixin"
    _description = "Run Item"

    # {state of items that wait: method that does their work}. The work is done
    # on several items at once and moves them to another state.
    _works = {"pending": "_work"}
    # States of items that are listed for people to see and never worked on.
    _listed_states = ()

    state = fields.Selection(
        [("pending", "Waiting"), ("done", "Done"), ("failed", "Failed")],
        default="pending",
        required=True,
        readonly=True,
    )
    message = fields.Char(readonly=True)

    def _process(self):
        """Work on what waits; safe to repeat. Items held elsewhere are left there."""
        waiting = self.try_lock_for_update().grouped("state")
        for state, work in self._works.items():
            items = waiting.get(state, self.browse())
            (items - items._fail_obstructed())._work_together(work)

    def _get_obstacles(self):
        """Return {item: message} of what is known beforehand to make items fail."""
        return {}

    def _fail_obstructed(self):
        """Note the obstacles and return the items that failed so."""
        failed = self.browse()
        try:
            obstacles = self._get_obstacles()
        except OperationalError:
            raise  # the database asks to try the whole job again
        except Exception:  # of one item: it fails alone when it is worked on
            _logger.exception("The obstacles of %s could not be told", self)
            return failed
        for item, message in obstacles.items():
            item._fail(message)
            failed |= item
        return failed

    def _work_together(self, work):
        """Do the work on all items in one go; where that fails, on each half.

        So one bad item fails alone, with a message, and the others still share
        most of the work.
        """
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                getattr(self, work)()
        except OperationalError:
            raise  # the database asks to try the whole job again
        except Exception as error:
            if len(self) == 1:
                self._note_error(error)
                return
            _logger.info("A batch of %s items fails; trying its halves", len(self))
        else:
            return
        middle = len(self) // 2
        self[:middle]._work_together(work)
        self[middle:]._work_together(work)

    def _note_error(self, error):
        """Note why one item failed; one held elsewhere waits for the next round."""
        if not isinstance(error, LockError):
            self._fail(self._explain_error(error))

    def _explain_error(self, error):
        """Return what went wrong, in words people understand."""
        if isinstance(error, UserError):
            return str(error)
        _logger.exception("%s failed", self)
        return self.env._(
            "Unexpected error, see the server log: %(error)s", error=error
        )

    def _fail(self, message):
        self.write({"state": "failed", "message": message})
