from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, format_date

from ..tools.dunning import HARD_KINDS, NOTICE_KINDS, RESTRICTING_KINDS, plan_step

# Notices that say the same whatever the contract: one for each invoice.
SHARED_NOTICE_KINDS = ("reminder", "notice")


class ContractContract(models.Model):
    """Taking the steps of dunning that are due."""

    _inherit = "contract.contract"

    dunning_entry_ids = fields.One2many(
        "contract.dunning.entry", "contract_id", string="Dunning Steps", readonly=True
    )

    def _take_due_steps(self, day):
        """Take the steps due for the contracts on a day; a second time, none.

        :return: the new or changed `contract.dunning.entry`
        """
        self.lock_for_update(allow_referencing=True)
        contracts = self.sudo()
        due = list(contracts._get_due_steps(day, ids=contracts.ids))
        contracts._claim_invoices(due)
        entries = contracts._enter_steps(due, day)
        taken = entries.filtered(lambda entry: entry.state == "done")
        contracts._send_step_notices(taken, due, day)
        restricted = taken.filtered(lambda entry: entry.kind in RESTRICTING_KINDS)
        (restricted.contract_id or taken.contract_id)._refresh_service_state(day)
        contracts._list_at_credit_bureau(taken, day)
        contracts._cancel_by_dunning(taken, day)
        return entries

    @api.model
    def _claim_invoices(self, due):
        """Let nobody pay at this moment what a step against the customer is for.

        The rows are written, as they are, and not merely locked: a payment that
        has read them before must begin anew, and lifts the restriction. One
        that is not committed yet goes first: this transaction begins anew.

        :raise OperationalError: an invoice is being paid, or was meanwhile
        """
        move_ids = {
            debt.move_id
            for debt, steps in due
            if any(step.step.kind in HARD_KINDS and not step.hold for step in steps)
        }
        if not move_ids:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH claimed AS (
                    SELECT id FROM account_move WHERE id = ANY(%s)
                     ORDER BY id FOR NO KEY UPDATE NOWAIT)
                UPDATE account_move SET payment_state = payment_state
                  FROM claimed WHERE claimed.id = account_move.id
                """,
                list(move_ids),
            )
        )

    # === ENTRIES ===

    @api.model
    def _enter_steps(self, due, day):
        """Write an entry for each step; what waited and may be taken is done now."""
        entries = self.env["contract.dunning.entry"].sudo()
        new = []
        for debt, steps in due:
            for step in steps:
                values = self._prepare_entry(debt, step, day)
                held = debt.held.get((step.step.key, step.offset))
                if held:
                    entries |= entries.browse(held[0])
                    entries.browse(held[0]).write(values)
                else:
                    new.append(values)
        return entries | entries.create(new)

    @api.model
    def _prepare_entry(self, debt, due, day):
        return {
            "contract_id": debt.contract_id,
            "move_id": debt.move_id,
            "step_id": due.step.key,
            "kind": due.step.kind,
            "offset_days": due.offset,
            "planned_date": due.planned,
            "date": day,
            "state": "held" if due.hold else "done",
            "hold": due.hold,
            "message": False,
        }

    # === NOTICES ===

    @api.model
    def _send_step_notices(self, entries, due, day):
        """Prepare and queue the notices of steps: one for each invoice and step,
        also where it bills several contracts with policies of their own."""
        facts = {(debt.contract_id, debt.move_id): debt for debt, _steps in due}
        telling = entries.filtered(lambda entry: entry.kind in NOTICE_KINDS)
        requests = [
            self._prepare_step_notice(
                entry, facts[entry.contract_id.id, entry.move_id.id], day
            )
            for entry in telling
        ]
        notices = self.env["contract.notice"]._prepare_notices(requests)
        by_key = {notice.key: notice for notice in notices}
        for entry, request in zip(telling, requests, strict=True):
            entry.notice_id = by_key[request["key"]]
        notices._queue()

    @api.model
    def _prepare_step_notice(self, entry, debt, day):
        step = entry.step_id
        return {
            "contract_id": entry.contract_id.id,
            "move_ids": entry.move_id.ids,
            "kind": entry.kind,
            "template_id": step._get_template(entry, day).id,
            "channel": step.channel,
            "key": self._get_step_key(entry, debt),
            "day": day,
            "effective_date": self._get_announced_day(entry, debt),
        }

    @api.model
    def _get_step_key(self, entry, debt):
        """Return what tells the notice of a step from all others.

        A reminder and the legal notice speak of the invoice: the first notice of
        one contract's policy is that of another's too. Others speak of days that
        each contract has of its own.
        """
        step = entry.step_id
        name = step.id
        if step.kind in SHARED_NOTICE_KINDS:
            name = step._get_notice_name()
        key = f"dunning/{name}/{entry.offset_days}/{entry.move_id.id}"
        # What was undone may be taken anew, and told anew.
        undone = debt.undone[entry.kind]
        return f"{key}/{undone}" if undone else key

    @api.model
    def _get_announced_day(self, entry, debt):
        """Return the day before which what a notice announces does not happen."""
        announced = {"block_warning": "block", "termination_notice": "cancel"}
        kind = announced.get(entry.kind)
        if not kind:
            return None
        steps = self._get_steps_of(*debt.policy_key)
        days = [
            plan_step(debt.facts, step, steps) for step in steps if step.kind == kind
        ]
        return min(filter(None, days), default=None)

    # === WHAT ENDS A CONTRACT ===

    @api.model
    def _cancel_by_dunning(self, entries, day):
        """Cancel the contracts whose step says so, once each.

        A cancellation that is refused waits, with the reason, and is tried again
        by the next run; the other steps of the day stay taken.
        """
        for entry in entries.filtered(lambda entry: entry.kind == "cancel"):
            if entry.contract_id.lifecycle_state == "closed":
                continue
            try:
                with self.env.cr.savepoint():
                    self._close_by_dunning(entry, day)
            except LockError:
                raise  # held elsewhere: the whole contract waits
            except UserError as error:
                entry.write({"state": "held", "message": str(error)})

    @api.model
    def _close_by_dunning(self, entry, day):
        policy = entry.step_id.policy_id
        comment = self.env._(
            "Not paid: %(invoice)s, due on %(date)s.",
            invoice=entry.move_id.name,
            date=format_date(self.env, entry.move_id.invoice_date_due),
        )
        entry.contract_id._close(
            day,
            policy.terminate_reason_id,
            comment,
            waive=None if policy.is_penalty_charged else comment,
            today=day,
        )

    @api.model
    def _list_at_credit_bureau(self, entries, day):
        """Enter the debts whose step says so in the list for the credit bureau."""
        listed = entries.filtered(lambda entry: entry.kind == "credit_bureau")
        self.env["contract.credit.listing"].sudo()._enter(listed, day)

    def _is_restricted_by_itself(self):
        """Return whether what is overdue restricts the service (S004-68)."""
        self.ensure_one()
        plan = self.contract_template_id
        return self.is_auto_block and (not plan or plan.is_auto_block)
