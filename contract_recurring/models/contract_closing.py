import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..const import GENERATION_TYPE
from ..tools.billing_calendar import ONE_DAY

_logger = logging.getLogger(__name__)

NO_TERMINATION = {
    "is_terminated": False,
    "terminate_reason_id": False,
    "terminate_comment": False,
    "terminate_date": False,
}


class ContractContract(models.Model):
    """Cancellation: lines end, days charged ahead come back, a penalty is due.

    The fields of OCA's ``contract_termination`` say when and why, so that its
    screens and filters read right; its own way of ending lines knows nothing
    of the ledger and is closed to our contracts.
    """

    _inherit = "contract.contract"

    equipment_ids = fields.One2many("contract.equipment", "contract_id")
    is_closing_planned = fields.Boolean(
        compute="_compute_is_closing_planned",
        help="The contract is to be cancelled on a day to come.",
    )

    @api.depends("terminate_date", "is_terminated")
    def _compute_is_closing_planned(self):
        for contract in self:
            contract.is_closing_planned = (
                bool(contract.terminate_date) and not contract.is_terminated
            )

    # === ACTIONS ===

    def action_withdraw_closing(self):
        self._withdraw_closing()

    # === BUSINESS ===

    def _close(self, last_day, reason, comment=None, waive=None, lost=None, today=None):
        """Cancel the contract; a day to come is kept and taken by the cron.

        :param last_day: last day of service
        :param reason: the `contract.terminate.reason`
        :param waive: why the loyalty penalty is not charged, None to charge it
        :param lost: the `contract.equipment` to charge for
        :raise UserError: closed before, or before the contract's last change
        """
        self.ensure_one()
        self._check_may_cancel()
        today = today or fields.Date.context_today(self)
        self._check_closing(last_day, reason, comment)
        if last_day > today:
            self._check_no_suspension()
        if waive is not None:
            self._check_waiver(waive)
        due_date = self._get_due_date_after_closing(last_day)
        self.write(
            {
                "terminate_reason_id": reason.id,
                "terminate_comment": comment,
                "terminate_date": last_day,
            }
        )
        self._charge_closing(last_day, due_date, waive is not None, lost)
        self._end_lines_by_closing(last_day)
        if waive is not None:
            self._record_waiver(waive)
        self._write_closing(today)

    def _charge_closing(self, last_day, due_date, is_waived, lost):
        """Enter the loyalty penalty and the equipment that is not returned."""
        self.ensure_one()
        if not is_waived and self._get_loyalty_penalty(last_day):
            self.env["contract.charge"].sudo().create(
                self._prepare_loyalty_penalty(last_day, due_date)
            )
        if lost:
            (lost & self.equipment_ids)._charge_lost(last_day, due_date)

    def _end_lines_by_closing(self, last_day):
        """End the lines, and note which of them a reactivation continues.

        A suspension that would begin later never comes: what it was to
        interrupt goes on after a reactivation, as agreed before.
        """
        self.ensure_one()
        never = self.open_suspension_id.sudo().filtered(
            lambda suspension: suspension.date_from > last_day
        )
        lines = self._get_lines_to_close(last_day)
        (lines - never.line_ids)._note_planned_end()
        continued = (lines | never.line_ids) - never.return_line_ids
        continued.filtered(
            lambda line: not line.is_suspension_fee
        ).is_ended_by_closing = True
        self._end_lines(lines, last_day)

    def _record_waiver(self, why):
        """Write the event of a penalty that is not charged."""
        self.env["contract.event"]._record(
            self,
            "closing",
            effective_date=self.terminate_date,
            reason=self.env._("Loyalty penalty waived: %(why)s", why=why),
        )

    def _write_closing(self, today):
        """Take the step of contracts whose last day has come.

        A suspension that reaches beyond it is over.
        """
        for contract in self.filtered(
            lambda c: c.is_closing_planned and c.terminate_date <= today
        ):
            contract._change_state(
                "closed",
                contract.terminate_date + ONE_DAY,
                contract.terminate_reason_id.name,
            )
            contract.open_suspension_id.sudo()._end_with_contract(
                contract.terminate_date
            )
            contract.is_terminated = True

    def _withdraw_closing(self):
        """Let a contract that was to be cancelled go on; nothing extra is owed."""
        self.ensure_one()
        self._check_may_cancel()
        if not self.is_closing_planned:
            raise UserError(
                self.env._(
                    "No cancellation of %(contract)s is planned.",
                    contract=self.display_name,
                )
            )
        self._take_back_closing_charges()
        last_day = self.terminate_date
        # as if never asked for: what is billed ahead is due no later
        today = fields.Date.context_today(self)
        day = last_day + ONE_DAY
        self._continue_closed_lines(day, due_since=min(day, today))
        self.write(NO_TERMINATION)
        self.env["contract.event"]._record(
            self,
            "closing",
            effective_date=day,
            reason=self.env._("Cancellation withdrawn"),
        )

    def _take_back_closing_charges(self):
        """Cancel the penalty and charges for equipment not yet billed."""
        lost = self.equipment_ids.filtered(
            lambda equipment: equipment.charge_id.state == "pending"
        )
        penalties = self.charge_ids.filtered(
            lambda charge: charge.kind == "penalty" and charge.state == "pending"
        )
        (lost.charge_id | penalties).sudo().write({"state": "cancelled"})
        lost.sudo().write({"state": "lent", "charge_id": False})

    def _continue_closed_lines(self, day, **values):
        """Create the lines that take over from those the cancellation ended.

        :param values: of the lines, where they differ from those before
        """
        ended = self.contract_line_ids.filtered("is_ended_by_closing")
        lines = ended._continue(day, **values)
        ended.is_ended_by_closing = False
        return lines

    def _get_lines_to_close(self, last_day):
        """Return the lines that would charge for a later day."""
        self.ensure_one()
        return self.contract_line_ids.filtered(
            lambda line: (
                line._is_billable() and (not line.date_end or line.date_end > last_day)
            )
        )

    def _get_due_date_after_closing(self, last_day):
        """Return the due date of what the cancellation adds: the next one."""
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: line._is_billable())
        if not lines:
            return last_day
        return min(line._get_due_date_after(last_day + ONE_DAY) for line in lines)

    def _preview_closing(self, last_day, waive=False, lost=None):
        """Return what the final invoices charge, as (label, amount) rows.

        The same prepared values are entered by `_close` and by the next run.
        """
        self.ensure_one()
        lines = self._get_lines_to_close(last_day)
        rows = self._preview_pending(lines, last_day)
        for line in self.contract_line_ids.filtered(lambda line: line._is_billable()):
            for draft in line._get_charges_if_ended(last_day):
                values = line._prepare_charge(draft, draft.due_date)
                rows.append((self._label_draft(line, draft), values["amount"]))
        credit = self._preview_credit(lines, last_day)
        if credit:
            rows.append((self.env._("Credit for days charged ahead"), -credit))
        penalty = self._get_loyalty_penalty(last_day)
        if penalty and not waive:
            rows.append((self.env._("Loyalty penalty"), penalty))
        for equipment in lost or self.env["contract.equipment"]:
            if not equipment.charge_id:
                rows.append((equipment.display_name, equipment.value))
        return rows

    def _preview_pending(self, lines, last_day):
        """Return the charges that wait for an invoice and stay."""
        dropped = lines._get_charges_after(last_day)
        pending = self.charge_ids.filtered(lambda charge: charge.state == "pending")
        return [(charge.label, charge.amount) for charge in pending - dropped]

    def _label_draft(self, line, draft):
        return self.env._(
            "%(product)s, %(start)s to %(end)s",
            product=line.name,
            start=format_date(self.env, draft.start),
            end=format_date(self.env, draft.end),
        )

    # === CHECKS ===

    def _check_change(self, day, is_addition=False):
        result = super()._check_change(day, is_addition=is_addition)
        self._check_no_closing()
        return result

    def _check_no_closing(self):
        self.ensure_one()
        if self.is_closing_planned:
            raise UserError(
                self.env._(
                    "%(contract)s is to be cancelled on %(date)s. Withdraw that "
                    "cancellation first.",
                    contract=self.display_name,
                    date=format_date(self.env, self.terminate_date),
                )
            )

    def _check_closing(self, last_day, reason, comment):
        """Raise unless the contract may be cancelled with a day as the last."""
        if self.lifecycle_state == "closed":
            raise UserError(
                self.env._(
                    "%(contract)s is cancelled already.", contract=self.display_name
                )
            )
        if self.lifecycle_state not in ("active", "suspended"):
            raise UserError(
                self.env._(
                    "%(contract)s was never active: deactivate it instead.",
                    contract=self.display_name,
                )
            )
        self._check_no_closing()
        self._check_not_before_changes(last_day)
        if not reason:
            raise UserError(self.env._("Choose a reason for the cancellation."))
        if reason.terminate_comment_required and not (comment or "").strip():
            raise UserError(
                self.env._(
                    "The reason “%(reason)s” asks for a comment.", reason=reason.name
                )
            )

    def _check_not_before_changes(self, day):
        """Raise for a day before the last change or another system's charges."""
        earliest = self._get_earliest_end()
        if day < earliest:
            raise UserError(
                self.env._(
                    "%(day)s is too early for %(contract)s, given what happened and "
                    "was billed since. The earliest day is %(earliest)s.",
                    contract=self.display_name,
                    day=format_date(self.env, day),
                    earliest=format_date(self.env, earliest),
                )
            )

    def _get_earliest_end(self):
        """Return the first day that may be a contract's last.

        Not before a change already in force; nor before what another system
        charged, for which there is nothing here to give credit on.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        days = self.event_ids.filtered(
            lambda event: (
                event.kind in ("lifecycle", "plan", "renewal")
                and event.to_state != "waiting"
                and event.effective_date <= today
            )
        ).mapped("effective_date")
        lines = self.contract_line_ids.filtered("last_date_invoiced")
        elsewhere = lines.filtered(lambda line: not line.charge_ids)
        return max([self.date_start, *elsewhere.mapped("last_date_invoiced"), *days])

    def _check_may_cancel(self):
        """Raise unless the user may end contracts."""
        self.check_access("write")
        group = "contract_recurring.group_contract_cancel"
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(
                self.env._("You may not cancel contracts. Ask a manager.")
            )

    def _check_waiver(self, why):
        """Raise unless the user may waive a penalty and says why."""
        group = "contract_recurring.group_contract_waive"
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(
                self.env._("You may not waive the loyalty penalty. Ask a manager.")
            )
        if not why.strip():
            raise UserError(self.env._("Say why the loyalty penalty is waived."))

    # === OCA'S TERMINATION ===

    def action_terminate_contract(self):
        if self.generation_type != GENERATION_TYPE:
            return super().action_terminate_contract()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_close_action"
        )

    def action_cancel_contract_termination(self):
        if self.generation_type == GENERATION_TYPE:
            raise UserError(
                self.env._("Reactivate the contract, or withdraw its cancellation.")
            )
        return super().action_cancel_contract_termination()

    def _terminate_contract(self, *args, **kwargs):
        if self.generation_type == GENERATION_TYPE:
            raise UserError(
                self.env._("Cancel this contract by its own button, “Cancel Contract”.")
            )
        return super()._terminate_contract(*args, **kwargs)

    # === CRONS ===

    @api.model
    def _cron_follow_closings(self, today=None):
        """Take the step of contracts whose planned last day is over: it is one of
        service.

        :param today: the day to follow, the companies' own where none is given
        """
        domain = Domain("terminate_date", "!=", False)
        domain &= Domain("is_terminated", "=", False)
        domain &= Domain("generation_type", "=", GENERATION_TYPE)
        for company, planned in self._read_group(
            domain, ["company_id"], ["id:recordset"]
        ):
            day = today or company._get_local_date()
            over = planned.filtered(lambda c, day=day: c.terminate_date < day)
            for contract in over:
                contract._close_planned(day)

    def _close_planned(self, day):
        """Take the step of one contract; where that fails the others go on."""
        try:
            with self.env.cr.savepoint():
                self._write_closing(day)
        except UserError:
            _logger.exception("Contract %s cannot be cancelled", self.id)
