from odoo import models
from odoo.fields import Command
from odoo.tools import format_date

from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """A renewal sold by a quote: the same plan at the price agreed, and a new term."""

    _inherit = "contract.contract"

    def _renew_by_quote(self, line_values, day, loyalty_months, reason=None):
        """Replace the lines of the plan and begin a loyalty term on a day.

        :param line_values: the lines of the plan as sold
        :param loyalty_months: 0 for no new term
        """
        self.ensure_one()
        self._check_change(day)
        before = self.loyalty_end_date
        mrr_before = self._get_monthly_amount(day)
        self._end_lines(self._get_plan_lines(day), day - ONE_DAY)
        values = {"contract_line_ids": [Command.create(line) for line in line_values]}
        if loyalty_months:
            values |= {"loyalty_start_date": day, "loyalty_months": loyalty_months}
        self.write(values)
        self._reprice_discounts(day)
        after = self.loyalty_end_date
        self.env["contract.event"]._record(
            self,
            "renewal",
            effective_date=day,
            from_state=before and format_date(self.env, before),
            to_state=after and format_date(self.env, after),
            reason=reason,
            mrr_before=mrr_before,
            mrr_after=self._get_monthly_amount(day),
        )
