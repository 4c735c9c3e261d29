from odoo import models

from ..tools.billing_calendar import Period
from ..tools.recurring_charge import PeriodCharge


class ContractCharge(models.Model):
    """Charges that wait for an invoice when their days become exempt."""

    _inherit = "contract.charge"

    def _exempt_pending(self):
        """Replace charges not yet billed by their exempt and their other days."""
        self.write({"state": "cancelled"})
        self.flush_recordset()  # their days become free before others take them
        values = []
        for charge in self:
            line = charge.contract_line_id
            unit = line._get_terms().unit
            values += [
                line._prepare_charge(part, charge.due_date)
                for part in line._split_exempt([charge._read_draft()], unit)
            ]
        self.create(values)

    def _read_draft(self):
        """Return the calculation that gave this charge, as a pure value."""
        self.ensure_one()
        full_start, full_end, whole_amount = self._get_whole_period()
        return PeriodCharge(
            period=Period(
                index=0,
                start=self.period_start,
                end=self.period_end,
                full_start=full_start,
                full_end=full_end,
                due_date=self.due_date,
            ),
            start=self.period_start,
            end=self.period_end,
            due_date=self.due_date,
            whole_amount=whole_amount,
            amount=whole_amount,
        )
