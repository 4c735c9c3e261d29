from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, format_date

from ..const import PERIOD_KINDS
from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Changes of a running contract: each ends lines, begins others, or both.

    A line that has ended is never opened again; what follows it is a line of
    its own. So what was charged stays as it was, days charged ahead come back
    as credits, and no day is charged twice or left out.
    """

    _inherit = "contract.contract"

    # === PLAN ===

    def _change_plan(self, plan, day, reason=None, line_values=None, kind="plan"):
        """Replace the lines of the plan by those of another from a day on.

        :param line_values: the new lines, where a quote sold them otherwise
            than the plan says
        :param kind: of the event: a migration of technology is a plan change too
        """
        self.ensure_one()
        self._lock_for_change()
        self._check_change(day)
        self._check_other_plan(plan)
        before = self.contract_template_id
        lines = line_values or plan._prepare_contract_lines(day)
        self._replace_plan_lines(lines, day)
        self.write(
            {
                "contract_template_id": plan.id,
                "name": plan.name,
                "technology": plan.technology,
            }
        )
        self.env["contract.event"]._record(
            self,
            kind,
            effective_date=day,
            from_state=before.name,
            to_state=plan.name,
            reason=reason,
        )

    def _replace_plan_lines(self, line_values, day):
        """Let other lines take over from those of the plan on a day.

        Where periods are billed ahead, the first of the new ones may be due
        before it begins, but not before it was agreed.
        """
        self.ensure_one()
        self._end_lines(self._get_plan_lines(day), day - ONE_DAY)
        due_since = min(day, fields.Date.context_today(self))
        self.write(
            {
                "contract_line_ids": [
                    fields.Command.create({"due_since": due_since} | values)
                    for values in line_values
                ]
            }
        )
        self._reprice_discounts(day)

    def _migrate_technology(self, plan, day, reason=None):
        """Change to a plan of another technology, such as from radio to fiber."""
        self.ensure_one()
        if not plan.technology or plan.technology == self.technology:
            raise UserError(
                self.env._(
                    "“%(plan)s” is no plan of another technology. Choose one, or use "
                    "“Change Plan”.",
                    plan=plan.name,
                )
            )
        self._change_plan(plan, day, reason=reason, kind="technology")

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
        self._lock_for_change()
        self._check_active()
        if not 1 <= due_day <= 31:
            raise UserError(self.env._("The due day must lie between 1 and 31."))
        if due_day == self.due_day:
            raise UserError(self.env._("The due day is %(day)s already.", day=due_day))
        before = self.due_day
        origin = self._get_next_origin()
        self._charge_until(origin - ONE_DAY)
        self.sudo().write(
            {
                "due_day": due_day,
                "billing_origin": origin,
                "due_from": self._get_first_new_due_date(origin),
            }
        )
        self.env["contract.event"]._record(
            self,
            "due_day",
            effective_date=origin,
            from_state=str(before),
            to_state=str(due_day),
            reason=reason,
        )

    def _get_first_new_due_date(self, origin):
        """Return the day before which the new due day has nothing due.

        What was not due yet does not fall due earlier because the due day
        changed, least of all in the month that is paid.
        """
        self.ensure_one()
        due = min(origin, self.recurring_next_date or origin)
        return max(due, fields.Date.context_today(self))

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
        # exempt ones too: the days left of them are charged, as exempt, again
        pending = charges.filtered(lambda charge: charge.state != "billed")
        pending.sudo().write({"state": "cancelled"})
        credits = (
            self.env["contract.charge"]
            .sudo()
            .create((charges - pending)._prepare_credits(last_day))
        )
        lines.filtered(lambda line: line.date_start > last_day).is_canceled = True
        lines._follow_ledger(last_day)
        lines.filtered(lambda line: not line.is_canceled).write({"date_end": last_day})
        return credits

    def _preview_credit(self, lines, last_day):
        """Return what ending the lines would give back, as a positive amount."""
        billed = lines._get_charges_after(last_day).filtered(
            lambda charge: charge.state == "billed"
        )
        return -sum(values["amount"] for values in billed._prepare_credits(last_day))

    # === CHECKS ===

    def _check_other_plan(self, plan):
        self.ensure_one()
        if plan == self.contract_template_id:
            raise UserError(
                self.env._(
                    "%(contract)s has the plan “%(plan)s” already.",
                    contract=self.display_name,
                    plan=plan.name,
                )
            )

    def _check_active(self):
        self.ensure_one()
        if self.lifecycle_state != "active":
            raise UserError(
                self.env._(
                    "%(contract)s is not active: only an active contract changes.",
                    contract=self.display_name,
                )
            )

    def _check_change(self, day, is_addition=False):
        """Raise unless the contract may change from a day on.

        A change may go back into the period billed last, and gives back or
        charges its days; what was billed before stays as it is.

        :param is_addition: what is added may begin with the contract itself
        """
        self._check_active()
        if day < self.date_start or (day == self.date_start and not is_addition):
            raise UserError(
                self.env._(
                    "%(contract)s is active since %(start)s and cannot change on "
                    "%(day)s.",
                    contract=self.display_name,
                    start=format_date(self.env, self.date_start),
                    day=format_date(self.env, day),
                )
            )
        earliest = self._get_earliest_change(fields.Date.context_today(self))
        if earliest and day < earliest:
            raise UserError(
                self.env._(
                    "%(contract)s is billed already and cannot change on %(day)s. "
                    "The earliest possible day is %(earliest)s.",
                    contract=self.display_name,
                    day=format_date(self.env, day),
                    earliest=format_date(self.env, earliest),
                )
            )

    def _get_earliest_change(self, today):
        """Return the first day of the period billed last, None if none is billed.

        Where periods are billed ahead, of the last one that has begun.
        """
        self.ensure_one()
        ((earliest,),) = self.env["contract.charge"]._read_group(
            [
                ("contract_id", "=", self.id),
                ("kind", "in", PERIOD_KINDS),
                ("state", "=", "billed"),
                ("period_start", "<=", today),
            ],
            [],
            ["period_start:max"],
        )
        return earliest

    def _lock_for_change(self):
        """Keep the contract to this transaction, so that changes queue up.

        Whoever read the contract before a change that is through by now begins
        anew: PostgreSQL refuses the lock, and the web server tries again.

        :raise LockError: somebody else is changing it
        """
        try:
            self.lock_for_update(allow_referencing=True)
            self._touch()
        except LockError as error:
            raise LockError(
                self.env._(
                    "%(contract)s is being changed or billed by somebody else. Try "
                    "again in a moment.",
                    contract=self.display_name,
                )
            ) from error

    def _touch(self):
        """Write the contracts' own rows, even if only lines or charges change.

        PostgreSQL refuses rows that changed since a transaction began; it knows
        nothing of what else belongs to them.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE contract_contract SET write_uid = %s WHERE id = ANY(%s)",
                self.env.uid,
                self.ids,
            )
        )

    def _get_monthly_amount(self, day):
        """Return what the lines in force on a day cost in a month."""
        self.ensure_one()
        return sum(self._lines_in_force(day).mapped("monthly_recurring"))
