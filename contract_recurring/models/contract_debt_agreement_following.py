from odoo import models


class ContractDebtAgreement(models.Model):
    """The state of an agreement follows the payments of its instalments."""

    _inherit = "contract.debt.agreement"

    def _follow_payments(self):
        """Let agreements that are not over be waiting, running or paid off."""
        for agreement in self.filtered(
            lambda a: a.state not in ("broken", "cancelled")
        ):
            state = agreement._get_state_by_payments()
            if state == agreement.state:
                continue
            day = agreement.company_id._get_local_date()
            agreement.ended_on = day if state == "done" else False
            agreement._change_state(state, day)
            agreement._follow_credit_listings(day)

    def _get_state_by_payments(self):
        """Return the state that the instalments' payments ask for.

        The first instalment, or the entry, opens the service again (Res. Anatel
        765/2023, art. 78); any other one paid before it does so as well.
        """
        self.ensure_one()
        settled = {"paid": "paid", "in_payment": "paid", "reversed": "reversed"}
        states = [
            settled.get(move.payment_state) for move in self.instalment_ids.move_id
        ]
        if all(states):
            return "done"
        return "running" if "paid" in states else "waiting"

    def _follow_credit_listings(self, day):
        """Let the credit bureau's list follow: the first payment takes the debt off,
        one that is undone keeps it there."""
        listings = self.env["contract.credit.listing"]
        moves = self.origin_ids.move_id
        listings._follow_reopened(moves)
        if self.state in ("running", "done"):
            listings._follow_payment(moves, day)

    def _change_state(self, state, day, reason=None):
        """Write the state and the event of it on the contracts."""
        self.ensure_one()
        before = self._describe_state()
        self.state = state
        self._record_event(self._describe_state(), reason, day, before)
