import logging

from odoo import api, models
from odoo.fields import Command

from odoo.addons.queue_job.job import (
    ENQUEUED,
    PENDING,
    STARTED,
    WAIT_DEPENDENCIES,
)

_logger = logging.getLogger(__name__)

LIVE_JOB_STATES = (PENDING, ENQUEUED, STARTED, WAIT_DEPENDENCIES)
# States of a transaction that say what became of it.
OUTCOMES = {"done": "done", "cancel": "failed", "error": "failed"}


class PaymentTokenCharge(models.Model):
    """Charging: none twice by itself.

    Transaction and “being charged” are committed before the provider is called
    (`contract.call.mixin`). Of what is found in that state nobody knows whether the
    card was charged, so the provider is asked, and where it cannot be, a person.
    """

    _name = "payment.token.charge"
    _inherit = ["payment.token.charge", "contract.call.mixin"]

    # === JOBS ===

    def _queue(self):
        for charge in self.sudo():
            charge.with_delay(
                channel="root.token_charge",
                identity_key=f"payment_token_charge_{charge.id}",
                description=self.env._("Charge %s", charge.move_id.name),
            )._charge()

    @api.model
    def _requeue(self):
        """Queue what waits and no job is left for."""
        jobs = self.env["queue.job"].search(
            [
                ("model_name", "=", self._name),
                ("method_name", "=", "_charge"),
                ("state", "in", LIVE_JOB_STATES),
            ]
        )
        queued = {record_id for job in jobs for record_id in job.records.ids}
        waiting = self.search([("state", "=", "waiting")])
        waiting.filtered(lambda charge: charge.id not in queued)._queue()

    def _charge(self):
        """Charge one invoice; the body of a job, safe to repeat."""
        self.ensure_one()
        self.env.flush_all()
        with self._own_transaction() as charge:
            if charge._claim():
                charge.env.cr.commit()
                if charge._lock_row("charging"):
                    charge._call()
        # the job's own snapshot is older than the answer
        with self._own_transaction() as charge:
            charge._settle()
        self.env.invalidate_all()

    # === STEPS ===

    def _claim(self):
        """Mark the attempt as being charged; return whether there is something to."""
        if not self._lock_row("waiting"):
            return False
        obstacle = self._get_obstacle()
        if obstacle:
            self.write(obstacle)
            return False
        transaction = self._create_transaction()
        self.write(
            {
                "state": "charging",
                "transaction_id": transaction.id,
                "reference": transaction.reference,
                "amount": transaction.amount,
            }
        )
        return True

    def _get_obstacle(self):
        """Return what to write instead of charging, or None."""
        move, token = self.move_id, self.token_id
        if move.state != "posted" or move.payment_state not in ("not_paid", "partial"):
            return {
                "state": "cancelled",
                "reason": self.env._("Paid before it was charged."),
            }
        if move._has_payment_under_way():
            return {
                "state": "cancelled",
                "reason": self.env._("The customer is paying it at this moment."),
            }
        if not token.active or token.provider_id.state == "disabled":
            return {
                "state": "failed",
                "reason": self.env._("The saved method is no longer valid."),
            }
        return None

    def _create_transaction(self):
        move, token = self.move_id, self.token_id
        transactions = self.env["payment.transaction"].sudo()
        return transactions.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "token_id": token.id,
                "operation": "offline",
                "amount": move.amount_residual,
                "currency_id": move.currency_id.id,
                "partner_id": token.partner_id.id,
                "invoice_ids": [Command.link(move.id)],
                "reference": transactions._compute_reference(
                    token.provider_code, prefix=f"{move.name}-{self.attempt}"
                ),
            }
        )

    def _call(self):
        """Call the provider and note its answer."""
        transaction = self.transaction_id.sudo()
        try:
            with self.env.cr.savepoint():
                transaction._charge_with_token()
                self.env.flush_all()
        except Exception as error:  # no provider may leave this open
            _logger.exception("Charge %s: the provider broke down", self.reference)
            transaction.is_answer_lost = True
            self.write({"state": "uncertain", "reason": repr(error)})
            return
        self._follow()

    def _follow(self):
        """Write what the transaction says."""
        for charge in self:
            transaction = charge.transaction_id.sudo()
            if transaction.is_answer_lost and transaction.state in ("draft", "error"):
                reason = transaction.state_message or charge.reason
                values = {"state": "uncertain", "reason": reason}
            elif transaction.state in OUTCOMES:
                values = {
                    "state": OUTCOMES[transaction.state],
                    "reason": transaction.state_message
                    if transaction.state != "done"
                    else False,
                }
            else:
                values = {"state": "pending", "reason": transaction.state_message}
            if charge.state not in ("done", "cancelled") and any(
                charge[name] != (value or False) for name, value in values.items()
            ):
                charge.write(values)

    # === AFTERWARDS ===

    def _settle(self):
        """Book what was paid; go on with what failed."""
        for charge in self.sudo():
            if charge.state == "done":
                transaction = charge.transaction_id
                if not transaction.is_post_processed:
                    transaction._post_process()
            elif charge.state == "failed":
                charge._go_on()

    def _go_on(self):
        """Tell the customer, and let a boleto collect it after the last attempt."""
        self.ensure_one()
        move = self.move_id
        if move.payment_state not in ("not_paid", "partial"):
            return
        self._collect_after_last()
        reason = self.reason or self.env._("The provider gave no reason.")
        move._tell_failed_charge(f"token/{self.id}", reason)

    def _collect_after_last(self):
        move = self.move_id
        if self._is_last():
            move._issue_instead_of_charging(move.company_id._get_local_date())

    # === WHAT IS NOT KNOWN ===

    def _ask(self):
        """Ask the providers what became of charges whose answer was lost."""
        for charge in self:
            charge.transaction_id.sudo()._ask_outcome()
            charge._follow()
        self._settle()

    @api.model
    def _find_interrupted(self):
        """Mark as uncertain what a process that died was about to charge; ask."""
        with self._own_transaction() as model:
            interrupted = model.sudo()._lock_left_behind("charging")
            interrupted.transaction_id.is_answer_lost = True
            interrupted.write(
                {
                    "state": "uncertain",
                    "reason": self.env._(
                        "The program ended while this was being charged. Look at the "
                        "provider's panel before you charge it again."
                    ),
                }
            )
        with self._own_transaction() as model:
            model.sudo().search([("state", "=", "uncertain")])._ask()
        self.env.invalidate_all()
