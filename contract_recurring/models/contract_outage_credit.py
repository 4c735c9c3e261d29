from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..const import PERIOD_KINDS
from ..tools.day_spans import cut_span


class ContractContract(models.Model):
    """Credit for days without service: blocked by our fault, or an outage."""

    _inherit = "contract.contract"

    outage_ids = fields.One2many("contract.outage", "contract_id", readonly=True)

    def _credit_outage(self, date_from, date_to, reason, today, kind="outage"):
        """Give the days of a span back to each contract that had no service.

        Days given back already are left out, so that several spans may touch
        or overlap.

        :return: the `contract.outage`, none for a contract with no day left
        """
        self._check_may_exempt()
        self._check_outage(date_from, date_to, reason, today)
        outages = self.env["contract.outage"].sudo()
        for contract in self:
            contract._lock_for_change()
            contract._check_had_service(date_from)
            given = contract._record_outage_days(
                date_from, date_to, reason.strip(), kind
            )
            contract._credit_outage_days(given, today)
            for outage in given:
                contract._record_outage(outage)
            outages |= given
        return outages

    def _credit_blocked_days(self, spans, reason, today):
        """Give back the days on which contracts were blocked for late payment.

        :param spans: {contract: [(first day, last day)]}, of days that are over
        :return: the `contract.outage`; none where such days are charged
        """
        outages = self.env["contract.outage"].sudo()
        for contract in self.sudo():
            if contract.company_id.is_blocked_time_charged:
                continue
            for date_from, date_to in spans.get(contract, ()):
                given = contract._record_outage_days(
                    date_from, date_to, reason, "default"
                )
                contract._credit_outage_days(given, today)
                outages |= given
        return outages

    def _record_outage_days(self, date_from, date_to, reason, kind):
        """Enter the days of a span that are not entered yet."""
        self.ensure_one()
        known = [
            (outage.date_from, outage.date_to)
            for outage in self.sudo().outage_ids
            if outage.state == "given"
        ]
        values = {
            "contract_id": self.id,
            "reason": reason,
            "kind": kind,
            "user_id": self.env.user.id,
        }
        return (
            self.env["contract.outage"]
            .sudo()
            .create(
                [
                    values | {"date_from": start, "date_to": end}
                    for start, end, is_known in cut_span(date_from, date_to, known)
                    if not is_known
                ]
            )
        )

    def _credit_outage_days(self, outages, today):
        """Enter credits for the days that are billed and not given back."""
        credits = self.env["contract.charge"].sudo()
        for outage in outages:
            charges = self._get_period_charges(outage.date_from, outage.date_to)
            billed = charges.filtered(lambda charge: charge.state == "billed")
            credits |= billed._credit_days_of(
                outage, self._get_next_due_date(today) if billed else None
            )
        return credits

    def _enter_due_charges(self, due_from, due_until, day=None):
        """Give back days without service with the invoice that bills them."""
        charges = super()._enter_due_charges(due_from, due_until, day)
        outages = self.sudo().outage_ids.filtered(lambda o: o.state == "given")
        credits = self.env["contract.charge"].sudo()
        for outage in outages:
            periods = charges.filtered(
                lambda c, outage=outage: (
                    c.kind in PERIOD_KINDS and c.contract_id == outage.contract_id
                )
            )
            credits |= periods.sudo()._credit_days_of(outage)
        return charges | credits

    def _record_outage(self, outage, from_state=None):
        """Write the event of days given back, or taken back again."""
        self.ensure_one()
        self.env["contract.event"]._record(
            self,
            "outage",
            effective_date=outage.date_from,
            from_state=from_state,
            to_state=self.env._(
                "%(start)s to %(end)s",
                start=format_date(self.env, outage.date_from),
                end=format_date(self.env, outage.date_to),
            ),
            reason=outage.reason,
            mrr_before=self.monthly_amount,
            mrr_after=self.monthly_amount,
        )

    # === CHECKS ===

    def _check_outage(self, date_from, date_to, reason, today):
        if date_to < date_from:
            raise UserError(
                self.env._("The days without service end before they begin.")
            )
        if date_to > today:
            raise UserError(
                self.env._(
                    "Only days that are over are given back: until %(today)s. For "
                    "days to come, exempt or suspend the contract.",
                    today=format_date(self.env, today),
                )
            )
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why there was no service: the invoice states it.")
            )

    def _check_had_service(self, date_from):
        self.ensure_one()
        if self.lifecycle_state not in ("active", "suspended", "closed"):
            raise UserError(
                self.env._(
                    "%(contract)s was never active: there is nothing to give back.",
                    contract=self.display_name,
                )
            )
        if date_from < self.date_start:
            raise UserError(
                self.env._(
                    "%(contract)s is active since %(start)s. Choose a later day.",
                    contract=self.display_name,
                    start=format_date(self.env, self.date_start),
                )
            )
