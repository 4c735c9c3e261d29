from odoo import models


class ContractContract(models.Model):
    """A renewal sold by a quote: the same plan at the price agreed, and a new term."""

    _inherit = "contract.contract"

    def _renew_by_quote(self, line_values, day, loyalty_months, reason=None):
        """Replace the lines of the plan and begin a term on a day.

        :param line_values: the lines of the plan as sold
        :param loyalty_months: 0 for a term without loyalty, as long as the
            contract's renewals are
        """
        self.ensure_one()
        self._renew(
            day,
            loyalty_months or self.renewal_months,
            is_loyalty_renewed=bool(loyalty_months),
            reason=reason,
            is_agreed=True,
            line_values=line_values,
        )
