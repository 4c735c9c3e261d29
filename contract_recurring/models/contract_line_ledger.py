from odoo import models

from ..const import CREDIT_KINDS, PERIOD_KINDS
from ..tools.billing_calendar import ONE_DAY


class ContractLine(models.Model):
    """What the ledger holds of a line, and the last day charged that follows."""

    _inherit = "contract.line"

    def _get_charges_after(self, last_day):
        """Return the live charges for periods that reach beyond a day."""
        return self.env["contract.charge"].search(
            [
                ("contract_line_id", "in", self.ids),
                ("kind", "in", PERIOD_KINDS),
                ("state", "!=", "cancelled"),
                ("period_end", ">", last_day),
            ],
            order="period_start",
        )

    def _get_credited_from(self):
        """Return {line: first day credited}; credits reach to the last charged."""
        return dict(
            self.env["contract.charge"]._read_group(
                [
                    ("contract_line_id", "in", self.ids),
                    ("kind", "=", "credit"),
                    ("state", "!=", "cancelled"),
                ],
                ["contract_line_id"],
                ["period_start:min"],
            )
        )

    def _get_credited_spans(self):
        """Return {line: [(first day, last day)]} of the days given back."""
        spans = {}
        for credit in self.env["contract.charge"].search(
            [
                ("contract_line_id", "in", self.ids),
                ("kind", "in", CREDIT_KINDS),
                ("state", "!=", "cancelled"),
            ]
        ):
            span = credit.period_start, credit.period_end
            spans.setdefault(credit.contract_line_id, []).append(span)
        return spans

    def _get_charged_until(self):
        """Return {line: last day charged and not credited}."""
        charged = dict(
            self.env["contract.charge"]._read_group(
                [
                    ("contract_line_id", "in", self.ids),
                    ("kind", "in", PERIOD_KINDS),
                    ("state", "!=", "cancelled"),
                ],
                ["contract_line_id"],
                ["period_end:max"],
            )
        )
        for line, first_credited in self._get_credited_from().items():
            charged[line] = first_credited - ONE_DAY
        return charged

    def _follow_ledger(self, last_day=None):
        """Set the last day charged, as OCA's screens show it, from the ledger.

        :param last_day: day on which the lines are about to end; what was
            charged beyond a line's end has been given back
        """
        charged_until = self._get_charged_until()

        def get_day(line):
            end = last_day or line.date_end
            charged = charged_until.get(line, False)
            return min(charged, end) if charged and end else charged

        by_day = self.grouped(get_day)
        for day, lines in by_day.items():
            lines.write({"last_date_invoiced": day})
