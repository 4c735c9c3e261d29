from dataclasses import replace

from odoo import models

from ..const import CREDIT_KINDS, PERIOD_KINDS
from ..tools.day_spans import cut_span
from ..tools.proration import prorate


class ContractCharge(models.Model):
    """Charges of a cancelled invoice, calculated again with the terms of today."""

    _inherit = "contract.charge"

    def _renew(self, due_until, due_date):
        """Return the charges to bill instead of these, which wait for an invoice.

        Days of lines keep their periods and take today's price; days that lines
        gave up meanwhile are charged by those that took over.

        :param due_until: due date of the old invoice: what was due by then
        :param due_date: of the new invoice
        """
        periods = self.filtered(
            lambda charge: charge.kind in PERIOD_KINDS and charge.contract_line_id
        )
        spans = periods._get_span_of_contracts()
        returned = periods._get_pending_credits()
        values = periods._prepare_renewals(returned, due_date)
        (periods | returned).write({"state": "cancelled"})
        self.flush_recordset()  # their days become free before others take them
        renewed = self.create(values)
        for contract, (start, end) in spans.items():
            renewed |= contract._charge_uncharged_days(start, end, due_until, due_date)
        periods.contract_line_id._follow_ledger()
        kept = self - periods
        for contract, charges in kept.grouped("contract_id").items():
            charges.write({"due_date": due_date, "partner_id": contract.partner_id.id})
        renewed = renewed.filtered(lambda charge: charge.state == "pending")
        return kept | renewed

    def _get_span_of_contracts(self):
        """Return {contract: (first day, last day)} charged."""
        return {
            contract: (
                min(charges.mapped("period_start")),
                max(charges.mapped("period_end")),
            )
            for contract, charges in self.grouped("contract_id").items()
        }

    def _get_pending_credits(self):
        """Return the credits not billed yet of days of these that lines gave up."""
        return self._get_credits().filtered(
            lambda credit: credit.kind == "credit" and credit.state == "pending"
        )

    def _get_credits(self):
        """Return what gives days of these back, billed or not."""
        periods = self.filtered(lambda charge: charge.kind in PERIOD_KINDS)
        credits = self.search(
            [
                ("contract_line_id", "in", periods.contract_line_id.ids),
                ("kind", "in", CREDIT_KINDS),
                ("state", "in", ("pending", "billed")),
            ]
        )
        return credits.filtered(lambda credit: credit._get_credited_of(periods))

    def _get_credited_of(self, charges):
        """Return which of the charges this credit gives days back of."""
        return charges.filtered(
            lambda c: (
                c.contract_line_id == self.contract_line_id
                and c.period_start <= self.period_end
                and c.period_end >= self.period_start
            )
        )

    def _prepare_renewals(self, returned, due_date):
        """Return the values of the charges for the days that stay charged."""
        values = []
        for charge in self:
            credits = returned.filtered(
                lambda c, line=charge.contract_line_id: c.contract_line_id == line
            )
            spans = [(credit.period_start, credit.period_end) for credit in credits]
            parts = cut_span(charge.period_start, charge.period_end, spans)
            values += [
                charge._prepare_renewal(start, end, due_date)
                for start, end, is_returned in parts
                if not is_returned
            ]
        return values

    def _prepare_renewal(self, start, end, due_date):
        """Return the values of a charge for days of this one at today's price."""
        self.ensure_one()
        line = self.contract_line_id
        terms = line._get_terms()
        draft = self._read_draft()
        period = draft.period
        amount = prorate(
            terms.amount, period.full_start, period.full_end, start, end, terms.unit
        )
        return line._prepare_charge(
            replace(
                draft,
                start=start,
                end=end,
                whole_amount=terms.amount,
                amount=amount,
            ),
            due_date,
        )
