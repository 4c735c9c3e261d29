from dataclasses import replace

from odoo import fields, models

from ..const import PERIOD_KINDS
from ..tools.recurring_charge import period_charges


class ContractLine(models.Model):
    """Lines that take over from one that ended: same terms, later days."""

    _inherit = "contract.line"

    continues_id = fields.Many2one(
        "contract.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line that ended before and had the same terms.",
    )
    planned_end = fields.Date(
        readonly=True,
        copy=False,
        help="When the line would have ended had the contract not been suspended "
        "or cancelled.",
    )
    is_ended_by_closing = fields.Boolean(readonly=True, copy=False)
    suspension_id = fields.Many2one(
        "contract.suspension",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The suspension after which this line begins.",
    )
    is_suspension_fee = fields.Boolean(readonly=True, copy=False)

    def _note_planned_end(self):
        """Keep the end each line has now, before it is ended earlier."""
        for end, lines in self.grouped("date_end").items():
            lines.write({"planned_end": end})

    def _continue(self, day, **values):
        """Create lines of the same terms from a day on.

        A line that would not have begun by then keeps its beginning; one that
        would have ended by then has none to follow it.
        """
        vals_list = []
        for line in self:
            start = max(day, line._get_first_day())
            if line.planned_end and line.planned_end < start:
                continue
            vals_list.append(
                {
                    **line.copy_data()[0],
                    "date_start": start,
                    "date_end": line.planned_end,
                    "is_canceled": False,
                    "continues_id": line.id,
                    "discount_id": line.discount_id.id,
                    "price_since": line.price_since or line.date_start,
                    "due_since": False,
                    **values,
                }
            )
        return self.create(vals_list)

    def _is_followed(self):
        """Return whether the line ended early, or another of its terms follows it."""
        self.ensure_one()
        followers = self.contract_id.contract_line_ids.continues_id
        return self.is_ended_by_closing or self in followers

    def _get_first_day(self):
        """Return the day the line began, or will, suspensions left aside."""
        self.ensure_one()
        line = self
        while line.suspension_id and line.continues_id:
            line = line.continues_id
        return line.date_start

    def _get_charges_if_ended(self, last_day):
        """Return the `PeriodCharge` the line would still enter if it ended then.

        Charges that wait for an invoice and reach beyond that day are counted
        anew, as ending the line does.
        """
        self.ensure_one()
        if self.date_start > last_day:
            return []
        kept = self.charge_ids.filtered(
            lambda charge: (
                charge.kind in PERIOD_KINDS
                and (charge.state == "billed" or charge.period_end <= last_day)
                and charge.state != "cancelled"
            )
        )
        charged = max(kept.mapped("period_end"), default=None)
        if charged and self.last_date_invoiced:
            charged = min(charged, self.last_date_invoiced)
        terms = self._get_terms()
        end = min(last_day, terms.end) if terms.end else last_day
        return list(
            period_charges(
                self._get_calendar(), replace(terms, end=end, charged_until=charged)
            )
        )
