from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Temporary deactivation at the customer's wish (*desativar temporariamente*).

    Lines end the day before and others of the same terms begin with the
    return, so days charged ahead come back and none is charged twice.
    """

    _inherit = "contract.contract"

    suspension_ids = fields.One2many(
        "contract.suspension", "contract_id", string="Suspensions"
    )
    open_suspension_id = fields.Many2one(
        "contract.suspension",
        string="Suspension",
        compute="_compute_open_suspension_id",
        help="The suspension that is planned or running.",
    )
    suspended_from = fields.Date(compute="_compute_open_suspension_id")
    suspended_until = fields.Date(compute="_compute_open_suspension_id")

    @api.depends(
        "suspension_ids.state",
        "suspension_ids.date_from",
        "suspension_ids.date_until",
    )
    def _compute_open_suspension_id(self):
        for contract in self:
            suspension = contract.suspension_ids.filtered(
                lambda suspension: suspension.state in ("planned", "running")
            )[:1]
            contract.open_suspension_id = suspension
            contract.suspended_from = suspension.date_from
            contract.suspended_until = suspension.date_until

    # === BUSINESS ===

    def _suspend(self, date_from, date_until=None, reason=None, today=None):
        """Let the contract rest from a day on, as long as the company allows.

        :param date_from: first day without service; may lie in the future
        :param date_until: last day without; as long as possible unless given
        :return: the `contract.suspension`
        :raise UserError: in debt, too short, too long, too soon after another
        """
        self.ensure_one()
        self.check_access("write")
        date_until = date_until or self._get_longest_suspension(date_from)
        self._check_suspension(date_from, date_until)
        lines = self._get_lines_to_suspend(date_from, date_until)
        suspension = self.env["contract.suspension"].sudo()
        suspension = suspension.create(
            {
                "contract_id": self.id,
                "date_from": date_from,
                "date_until": date_until,
                "reason": reason,
                "monthly_fee": self.suspension_fee,
                "line_ids": [fields.Command.set(lines.ids)],
            }
        )
        lines._note_planned_end()
        self._end_lines(lines, date_from - ONE_DAY)
        lines._continue(date_until + ONE_DAY, suspension_id=suspension.id)
        suspension.fee_line_id = self._create_suspension_fee(date_from, date_until)
        suspension._write_events(today or fields.Date.context_today(self))
        return suspension

    def _return_from_suspension(self, day, today=None):
        """End a suspension earlier; on its first day, withdraw it altogether.

        :param day: first day of service again
        """
        self.ensure_one()
        self.check_access("write")
        suspension = self.open_suspension_id.sudo()
        self._check_no_closing()
        self._check_return(suspension, day)
        suspension._begin_earlier(day)
        if suspension.fee_line_id:
            self._end_lines(suspension.fee_line_id, day - ONE_DAY)
        if day > suspension.date_from:
            suspension.date_until = day - ONE_DAY
        else:
            suspension.state = "cancelled"
        suspension._write_events(today or fields.Date.context_today(self))
        if suspension.state == "cancelled" and self.lifecycle_state == "suspended":
            self._change_state("active", day)

    def _get_longest_suspension(self, date_from):
        """Return the last day of the longest suspension from a day on."""
        days = self.company_id.contract_suspension_max_days
        return date_from + timedelta(days=days - 1)

    def _get_lines_to_suspend(self, date_from, date_until):
        """Return the lines that charge for some of the days."""
        self.ensure_one()
        return self.contract_line_ids.filtered(
            lambda line: (
                line._is_billable()
                and line.date_start <= date_until
                and (not line.date_end or line.date_end >= date_from)
            )
        )

    def _create_suspension_fee(self, date_from, date_until):
        """Create the line that charges for the days without service, if any."""
        self.ensure_one()
        lines = self.env["contract.line"]
        if self.currency_id.is_zero(self.suspension_fee):
            return lines
        return lines.create(self._prepare_suspension_fee(date_from, date_until))

    def _prepare_suspension_fee(self, date_from, date_until):
        product = self.env.ref("contract_recurring.product_suspension")
        return {
            "contract_id": self.id,
            "product_id": product.id,
            "name": product.display_name,
            "quantity": 1.0,
            "uom_id": product.uom_id.id,
            "automatic_price": False,
            "specific_price": self.suspension_fee,
            "recurring_rule_type": "monthly",
            "recurring_interval": 1,
            "date_start": date_from,
            "date_end": date_until,
            "is_suspension_fee": True,
        }

    def _preview_suspension(self, date_from, date_until):
        """Return (credit, fee): what the days give back and what they cost."""
        self.ensure_one()
        lines = self._get_lines_to_suspend(date_from, date_until)
        credit = self._preview_credit(lines, date_from - ONE_DAY)
        if self.currency_id.is_zero(self.suspension_fee):
            return credit, 0.0
        fee_line = self.env["contract.line"].new(
            self._prepare_suspension_fee(date_from, date_until)
        )
        fee = sum(
            float(draft.amount) for draft in fee_line._get_charges_until(date_until)
        )
        return credit, fee

    # === CHECKS ===

    def _check_change(self, day, is_addition=False):
        result = super()._check_change(day, is_addition=is_addition)
        self._check_no_suspension()
        return result

    def _check_no_suspension(self):
        """Raise where a suspension is planned: a change would fall into it."""
        self.ensure_one()
        if self.open_suspension_id:
            raise UserError(
                self.env._(
                    "%(contract)s is to be suspended from %(start)s to %(end)s. End "
                    "that suspension first.",
                    contract=self.display_name,
                    start=format_date(self.env, self.suspended_from),
                    end=format_date(self.env, self.suspended_until),
                )
            )

    def _check_suspension(self, date_from, date_until):
        """Raise unless the contract may be suspended on these days."""
        self.ensure_one()
        self._check_change(date_from)
        self._check_not_before_changes(date_from)
        self._check_suspension_length(date_from, date_until)
        self._check_last_suspension(date_from)
        if self.due_status == "overdue":
            raise UserError(
                self.env._(
                    "%(contract)s has an invoice overdue since %(date)s. It can be "
                    "suspended once that is paid.",
                    contract=self.display_name,
                    date=format_date(self.env, self.open_due_date),
                )
            )

    def _check_suspension_length(self, date_from, date_until):
        company = self.company_id
        shortest = company.contract_suspension_min_days
        longest = company.contract_suspension_max_days
        days = (date_until - date_from).days + 1
        if not shortest <= days <= longest:
            raise UserError(
                self.env._(
                    "A suspension lasts between %(shortest)s and %(longest)s days; "
                    "these are %(days)s.",
                    shortest=shortest,
                    longest=longest,
                    days=days,
                )
            )

    def _check_last_suspension(self, date_from):
        months = self.company_id.contract_suspension_interval_months
        taken = self.suspension_ids.filtered(lambda s: s.state != "cancelled")
        last = taken.sorted("date_from")[-1:]
        if not last:
            return
        earliest = max(
            last.date_from + relativedelta(months=months), last._get_return_day()
        )
        if date_from < earliest:
            raise UserError(
                self.env._(
                    "%(contract)s was suspended on %(last)s, and may be once in "
                    "%(months)s months: from %(earliest)s on.",
                    contract=self.display_name,
                    last=format_date(self.env, last.date_from),
                    months=months,
                    earliest=format_date(self.env, earliest),
                )
            )

    def _check_return(self, suspension, day):
        if not suspension:
            raise UserError(
                self.env._(
                    "%(contract)s is not suspended and no suspension is planned.",
                    contract=self.display_name,
                )
            )
        if not suspension.date_from <= day <= suspension.date_until:
            raise UserError(
                self.env._(
                    "The return lies between %(start)s and %(end)s; after that it "
                    "comes by itself.",
                    start=format_date(self.env, suspension.date_from),
                    end=format_date(self.env, suspension.date_until),
                )
            )

    # === CRONS ===

    @api.model
    def _cron_follow_suspensions(self, today=None):
        """Write the events of suspensions that began or ended by time.

        :param today: the day to follow, the companies' own where none is given
        """
        for company, suspensions in self.env["contract.suspension"]._read_group(
            [("state", "in", ("planned", "running"))],
            ["company_id"],
            ["id:recordset"],
        ):
            suspensions._follow(today or company._get_local_date())
