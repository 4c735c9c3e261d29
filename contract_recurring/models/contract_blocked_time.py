from odoo import models

from ..const import PERIOD_KINDS
from ..tools.blocked_days import blocked_spans
from ..tools.day_spans import ONE_DAY


class ContractContract(models.Model):
    """Days blocked for late payment are not charged, unless the company does.

    They are read from the events of the service when the contract is billed,
    so that a block of which nobody took notice costs the customer nothing.
    """

    _inherit = "contract.contract"

    def _enter_due_charges(self, due_from, due_until, day=None):
        self._credit_blocked_time(day or due_from)
        return super()._enter_due_charges(due_from, due_until, day)

    def _credit_blocked_time(self, day):
        """Give back the days before one on which the contracts were blocked.

        :return: the `contract.outage`
        """
        return self._credit_blocked_days(
            self._get_blocked_spans(day - ONE_DAY),
            self.env._("Blocked for late payment"),
            day,
        )

    def _get_blocked_spans(self, until):
        """Return {contract: [(first day, last day)]} of the days blocked."""
        free = self.filtered(lambda c: not c.company_id.is_blocked_time_charged)
        changes = {}
        for event in (
            self.env["contract.event"]
            .sudo()
            .search(
                [
                    ("contract_id", "in", free.ids),
                    ("kind", "=", "service_state"),
                    ("effective_date", "<=", until),
                ],
                order="effective_date, id",
            )
        ):
            change = event.effective_date, event.to_state
            changes.setdefault(event.contract_id, []).append(change)
        return {
            self.browse(contract.id): blocked_spans(days, until)
            for contract, days in changes.items()
        }

    def _get_blocked_credit(self, day):
        """Return {contract id: what billing on a day would give back for blocks}."""
        credits = {}
        for contract, spans in self._get_blocked_spans(day - ONE_DAY).items():
            for span in spans:
                charges = contract._get_period_charges(*span).filtered(
                    lambda charge: (
                        charge.state == "billed" and charge.kind in PERIOD_KINDS
                    )
                )
                credits[contract.id] = credits.get(contract.id, 0.0) + sum(
                    charge._prepare_credit(start, end)["amount"]
                    for charge, start, end in charges._get_uncredited(*span)
                )
        return credits
