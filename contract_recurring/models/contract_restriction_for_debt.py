from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.dunning import LEGAL_NOTICE_DAYS, DueStep, Step, get_hold

KINDS = {"reduced": "reduce", "blocked": "block"}


class ContractContract(models.Model):
    """A person takes the step of a restriction before its day, within the law."""

    _inherit = "contract.contract"

    def _restrict_for_debt(self, level, reason, day):
        """Reduce or block the service for what is overdue, now.

        The steps are taken as the daily run takes them, so a payment lifts them.

        :param level: "reduced" or "blocked"
        :return: the `contract.dunning.entry` taken
        :raise UserError: no reason, nothing overdue, or before the law allows it
        Source: Res. Anatel 765/2023, arts. 70 and 71
        """
        self.ensure_one()
        self._check_may_restrict()
        self._lock_for_change()
        self._check_active()
        self._check_restriction_reason(reason)
        contract = self.sudo().with_context(service_release_reason=reason.strip())
        contract._check_restricted_by_debts(day)
        due = contract._get_forced_steps(KINDS[level], day)
        contract._claim_invoices(due)
        entries = contract._enter_steps(due, day)
        entries.message = reason.strip()
        contract._refresh_service_state(day)
        return entries

    def _get_forced_steps(self, kind, day):
        """Return [(debt, [DueStep])] of the overdue invoices the law allows it for.

        :raise UserError: says what the law asks for first
        """
        debts = self._get_overdue_debts(day)
        holds = {debt.move_id: get_hold(kind, debt.facts, day) for debt in debts}
        allowed = [debt for debt in debts if not holds[debt.move_id]]
        if not allowed:
            debt = min(debts, key=lambda debt: debt.facts.noticed_on or day)
            raise UserError(self._explain_restriction_hold(debt))
        steps = [(debt, self._get_step_to_force(debt, kind)) for debt in allowed]
        due = [
            (debt, [DueStep(step, 0, day)])
            for debt, step in steps
            if (step.key, 0) not in debt.facts.taken
        ]
        if not due:
            raise UserError(
                self.env._(
                    "%(contract)s is restricted for what is overdue already.",
                    contract=self.display_name,
                )
            )
        return due

    def _get_overdue_debts(self, day):
        """Return the debts of the contract that are overdue, the oldest first.

        :raise UserError: there is none
        """
        self._flush_dunning_facts()
        debts = [
            debt
            for debt in self._read_debts(day, self.ids)
            if day > debt.facts.payable_until
        ]
        if not debts:
            raise UserError(
                self.env._(
                    "%(contract)s has no overdue invoice. Choose another reason.",
                    contract=self.display_name,
                )
            )
        return debts

    def _get_step_to_force(self, debt, kind):
        """Return the policy's step of a kind, one of its own where it has none."""
        steps = self._get_steps_of(*debt.policy_key) if debt.policy_key[0] else ()
        return next((s for s in steps if s.kind == kind), Step(None, kind, 0))

    # === CHECKS ===

    def _check_restricted_by_debts(self, day):
        """Raise where what is overdue restricts nothing on a day."""
        if not self._is_restricted_by_itself():
            raise UserError(
                self.env._(
                    "“Automatic Block” is off for %(contract)s: what is overdue "
                    "restricts nothing. Switch it on in the tab “Dunning” first.",
                    contract=self.display_name,
                )
            )
        held_back = filter(None, (self.trust_unlocked_until, self.block_exempt_until))
        until = max(held_back, default=None)
        if until and until >= day:
            raise UserError(
                self.env._(
                    "%(contract)s keeps the service until %(date)s: trust unlock or "
                    "bonus period.",
                    contract=self.display_name,
                    date=format_date(self.env, until),
                )
            )

    def _explain_restriction_hold(self, debt):
        """Return what the law asks for before a restriction for a debt."""
        invoice = self.env["account.move"].browse(debt.move_id).name
        noticed_on = debt.facts.noticed_on
        if not noticed_on:
            return self.env._(
                "No overdue notice of %(invoice)s is proven to be sent. The service "
                "may be restricted 15 days after it (Res. Anatel 765/2023, art. 70).",
                invoice=invoice,
            )
        return self.env._(
            "The overdue notice of %(invoice)s was sent on %(noticed)s: the service "
            "may be restricted from %(first)s on, 15 days after it (Res. Anatel "
            "765/2023, art. 70).",
            invoice=invoice,
            noticed=format_date(self.env, noticed_on),
            first=format_date(self.env, noticed_on + timedelta(LEGAL_NOTICE_DAYS)),
        )
