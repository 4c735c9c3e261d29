from dataclasses import replace

from odoo import models

from ..const import PERIOD_KINDS
from ..tools.billing_calendar import ONE_DAY
from ..tools.day_spans import cut_span
from ..tools.recurring_charge import period_charges


class ContractLine(models.Model):
    """Days of a line within periods already billed that no charge covers."""

    _inherit = "contract.line"

    def _get_charged_spans(self):
        """Return {line: [(first day, last day)]} of the live charges for periods."""
        spans = {}
        for charge in (
            self.env["contract.charge"]
            .sudo()
            .search(
                [
                    ("contract_line_id", "in", self.ids),
                    ("kind", "in", PERIOD_KINDS),
                    ("state", "!=", "cancelled"),
                ]
            )
        ):
            span = charge.period_start, charge.period_end
            spans.setdefault(charge.contract_line_id, []).append(span)
        return spans

    def _get_uncharged(self, start, end, charged):
        """Return the `PeriodCharge` of the days of a span outside of others."""
        self.ensure_one()
        terms = self._get_terms()
        start = max(start, terms.start)
        if self.contract_id.charged_from:
            start = max(start, self.contract_id.charged_from)
        end = min(end, terms.end) if terms.end else end
        drafts = []
        for first, last, is_charged in cut_span(start, end, charged):
            if is_charged:
                continue
            calendar = self._get_calendar().reaching_back_to(first)
            free = replace(terms, start=first, end=last, charged_until=first - ONE_DAY)
            drafts += period_charges(calendar, free)
        return self._split_exempt(drafts, terms.unit)
