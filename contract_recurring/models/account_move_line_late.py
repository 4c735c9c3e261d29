from odoo import api, models


class AccountMoveLine(models.Model):
    """Payments, as far as fine and interest ask for them."""

    _inherit = "account.move.line"

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        result = super()._reconcile_plan(reconciliation_plan)
        self._get_lines_of_plan(reconciliation_plan).move_id._follow_late_payments()
        return result

    @api.model
    def _get_lines_of_plan(self, plan):
        """Return the lines of a tree of lists of lines."""
        if isinstance(plan, models.BaseModel):
            return plan
        return self.union(*map(self._get_lines_of_plan, plan))

    def _get_payment_date(self):
        """Return the day on which the customer paid; never that of the import.

        A hook for banks that state the day of payment beside that of credit.
        """
        self.ensure_one()
        return self.date

    def _is_payment_of_customer(self):
        """Return whether what this line pays late costs fine and interest.

        A hook for agreements: they charge both themselves.
        """
        self.ensure_one()
        return self.move_id.move_type != "out_refund"
