from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Changes of a running contract: each ends lines, begins others, or both.

    A line that has ended is never opened again; what follows it is a line of
    its own. So what was charged stays as it was, days charged ahead come back
    as credits, and no day is charged twice or left out.
    """

    _inherit = "contract.contract"

    # === PLAN ===

    def _change_plan(self, plan, day, reason=None, line_values=None):
        """Replace the lines of the plan by those of another from a day on.

        :param line_values: the new lines, where a quote sold them otherwise
            than the plan says
        """
        self.ensure_one()
        self._check_change(day)
        if plan == self.contract_template_id:
            raise UserError(
                self.env._(
                    "%(contract)s has the plan “%(plan)s” already.",
                    contract=self.display_name,
                    plan=plan.name,
                )
            )
        before = self.contract_template_id
        mrr_before = self._get_monthly_amount(day)
        self._end_lines(self._get_plan_lines(day), day - ONE_DAY)
        self.write(
            {
                "contract_template_id": plan.id,
                "name": plan.name,
                "contract_line_ids": [
                    fields.Command.create(values)
                    for values in line_values or plan._prepare_contract_lines(day)
                ],
            }
        )
        self.env["contract.event"]._record(
            self,
            "plan",
            effective_date=day,
            from_state=before.name,
            to_state=plan.name,
            reason=reason,
            mrr_before=mrr_before,
            mrr_after=self._get_monthly_amount(day),
        )

    def _get_plan_lines(self, day):
        """Return the lines of the present plan that charge for a day or later."""
        self.ensure_one()
        return self.contract_line_ids.filtered(
            lambda line: (
                line.is_plan_line
                and line._is_billable()
                and (not line.date_end or line.date_end >= day)
            )
        )

    # === DUE DAY ===

    def _change_due_day(self, due_day, reason=None):
        """Move the due day; new periods begin after the last day charged.

        Lines that were charged less far are charged up to there by the old
        periods first, so that one calendar holds for all from then on.
        """
        self.ensure_one()
        self._check_active()
        if due_day == self.due_day:
            raise UserError(self.env._("The due day is %(day)s already.", day=due_day))
        before = self.due_day
        origin = self._get_next_origin()
        self._charge_until(origin - ONE_DAY)
        self.sudo().write({"due_day": due_day, "billing_origin": origin})
        mrr = self._get_monthly_amount(origin)
        self.env["contract.event"]._record(
            self,
            "due_day",
            effective_date=origin,
            from_state=str(before),
            to_state=str(due_day),
            reason=reason,
            mrr_before=mrr,
            mrr_after=mrr,
        )

    def _get_next_origin(self):
        """Return the day after the last one charged on any line still open."""
        self.ensure_one()
        charged = [
            line.last_date_invoiced
            for line in self.contract_line_ids
            if line._is_billable() and line.last_date_invoiced
        ]
        first_day = self.billing_origin or self.date_start
        return max(first_day, *(day + ONE_DAY for day in charged), first_day)

    def _charge_until(self, last_day):
        """Enter what the lines owe up to a day; it is billed when due."""
        self.ensure_one()
        return self.sudo()._create_charges(
            [
                line._prepare_charge(draft, draft.due_date)
                for line in self.contract_line_ids
                if line._is_billable()
                for draft in line._get_charges_until(last_day)
            ]
        )

    # === ENDING ===

    def _end_lines(self, lines, last_day):
        """End lines on a day; what they charged for later days is given back.

        :return: the credits, due with the contract's next invoice
        """
        self.ensure_one()
        charges = lines._get_charges_after(last_day)
        pending = charges.filtered(lambda charge: charge.state == "pending")
        pending.sudo().write({"state": "cancelled"})
        credits = (
            self.env["contract.charge"]
            .sudo()
            .create((charges - pending)._prepare_credits(last_day))
        )
        lines.filtered(lambda line: line.date_start > last_day).is_canceled = True
        lines._follow_ledger()
        lines.filtered(lambda line: not line.is_canceled).write({"date_end": last_day})
        return credits

    def _preview_credit(self, lines, last_day):
        """Return what ending the lines would give back, as a positive amount."""
        billed = lines._get_charges_after(last_day).filtered(
            lambda charge: charge.state == "billed"
        )
        return -sum(values["amount"] for values in billed._prepare_credits(last_day))

    # === CHECKS ===

    def _check_active(self):
        self.ensure_one()
        if self.lifecycle_state != "active":
            raise UserError(
                self.env._(
                    "%(contract)s is not active: only an active contract changes.",
                    contract=self.display_name,
                )
            )

    def _check_change(self, day):
        """Raise unless the contract may change from a day on."""
        self._check_active()
        if day <= self.date_start:
            raise UserError(
                self.env._(
                    "%(contract)s is active since %(start)s and cannot change on "
                    "%(day)s.",
                    contract=self.display_name,
                    start=format_date(self.env, self.date_start),
                    day=format_date(self.env, day),
                )
            )

    def _get_monthly_amount(self, day):
        """Return what the lines in force on a day cost in a month."""
        self.ensure_one()
        return sum(self._lines_in_force(day).mapped("monthly_recurring"))
