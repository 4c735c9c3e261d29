from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

# Further ahead no bank dates what it tells, credits included.
FURTHEST = timedelta(days=60)
# So late a bank may tell what no title of ours explains.
OLDEST = timedelta(days=5 * 366)


class CollectionEvent(models.Model):
    """The day of a payment, which a damaged line may put decades away.

    Interest of decades would be charged, or an entry posted where nobody looks: a day
    that cannot be is replaced by that on which the bank told it, and looked at.
    """

    _inherit = "collection.event"

    told_on = fields.Date(
        readonly=True,
        default=lambda self: self.env.company._get_local_date(),
        help="The day this was imported, or asked of the bank.",
    )

    def _get_day(self):
        """Return the day it happened, or was told where the bank's day cannot be."""
        self.ensure_one()
        if self._is_possible_day(self.occurred_on):
            return self.occurred_on
        return self.told_on or self.company_id._get_local_date()

    def _get_entry_date(self):
        """Return the day of the bank's statement."""
        self.ensure_one()
        if self.credit_date and self._is_possible_day(self.credit_date):
            return self.credit_date
        return self._get_day()

    def _is_possible_day(self, day):
        self.ensure_one()
        told_on = self.told_on or day
        issued = self.title_id.issue_date
        first = issued - FURTHEST if issued else told_on - OLDEST
        return first <= day <= told_on + FURTHEST

    def _get_odd_days(self):
        """Return the days of money that cannot be."""
        self.ensure_one()
        if not self._moves_money():
            return []
        return [
            day
            for day in (self.occurred_on, self.credit_date)
            if day and not self._is_possible_day(day)
        ]

    def _tell_odd_days(self):
        return self.env._(
            "The bank dates this %(date)s, which cannot be: it counts as of %(day)s. "
            "Ask the bank; waive fine and interest if it was paid in time.",
            date=format_date(self.env, self._get_odd_days()[0]),
            day=format_date(self.env, self._get_day()),
        )
