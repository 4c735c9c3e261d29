from odoo import models

from ..const import REVENUE_STATES
from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Recurring revenue (MRR) by time: the lines say it, the events tell it.

    `monthly_amount` is the price agreed for a month, which a draft has too;
    it is revenue from the activation on, or from the conversion of a trial.
    For each day until today, the changes of the events up to it add up to
    what the lines said: each event also tells what it makes of later days.
    """

    _inherit = "contract.contract"

    def _get_revenue(self, day):
        """Return the MRR of a day as the lines say; a trial not converted has none."""
        self.ensure_one()
        if self.lifecycle_state not in REVENUE_STATES or self._is_trial_unpaid():
            return 0.0
        return self._get_monthly_amount(day)

    def _get_told_revenue(self, day):
        """Return the MRR of a day as the events tell."""
        self.ensure_one()
        events = self.event_ids.filtered(lambda event: event.effective_date <= day)
        return sum(events.mapped("mrr_change"))

    def _get_untold_revenue(self, day):
        """Return how the lines differ from what the events tell, from a day on.

        :return: [{effective_date, mrr_before, mrr_after}], the day itself
            first, then only where something changes
        """
        self.ensure_one()
        rows, untold = [], 0.0
        for date in self._get_revenue_days(day):
            before = self.currency_id.round(self._get_told_revenue(date) + untold)
            after = self.currency_id.round(self._get_revenue(date))
            if date > day and not self.currency_id.compare_amounts(before, after):
                continue
            rows.append(
                {"effective_date": date, "mrr_before": before, "mrr_after": after}
            )
            untold += after - before
        return rows

    def _get_revenue_days(self, day):
        """Return a day and those after it on which the revenue may change.

        The end of a contract is told on its day: it may still be withdrawn.
        """
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: line._is_billable())
        days = {*lines.mapped("date_start"), *self.event_ids.mapped("effective_date")}
        days |= {line.date_end + ONE_DAY for line in lines if line.date_end}
        is_in_force = self.lifecycle_state in REVENUE_STATES
        end = is_in_force and self.terminate_date
        later = (date for date in days if date and day < date <= (end or date))
        return [day, *sorted(later)]
