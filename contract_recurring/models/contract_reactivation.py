from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.billing_calendar import ONE_DAY
from .contract_closing import NO_TERMINATION


class ContractContract(models.Model):
    """A cancelled contract that comes back on the same terms."""

    _inherit = "contract.contract"

    def _reactivate(self, day, is_loyalty_restarted=False, reason=None):
        """Put a cancelled contract in force again from a day on.

        :param is_loyalty_restarted: the loyalty term begins again on that day
        :raise UserError: not cancelled, or a day on which it still was in force
        """
        self.ensure_one()
        self.check_access("write")
        self._check_reactivation(day)
        lines = self._continue_closed_lines(day)
        if not lines:
            raise UserError(
                self.env._(
                    "Nothing of %(contract)s can go on after %(day)s: make a new "
                    "contract.",
                    contract=self.display_name,
                    day=format_date(self.env, day),
                )
            )
        self.write(NO_TERMINATION)
        if is_loyalty_restarted:
            self.loyalty_start_date = day
        self._change_state(
            "active",
            day,
            reason,
        )

    def _check_reactivation(self, day):
        if self.lifecycle_state != "closed":
            raise UserError(
                self.env._(
                    "%(contract)s is not cancelled: there is nothing to reactivate.",
                    contract=self.display_name,
                )
            )
        last_day = self.terminate_date or self.date_end
        if last_day and day <= last_day:
            raise UserError(
                self.env._(
                    "%(contract)s was in force until %(last)s. Reactivate it on "
                    "%(earliest)s or later.",
                    contract=self.display_name,
                    last=format_date(self.env, last_day),
                    earliest=format_date(self.env, last_day + ONE_DAY),
                )
            )
