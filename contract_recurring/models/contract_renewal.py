import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..const import GENERATION_TYPE
from ..tools.billing_calendar import ONE_DAY

_logger = logging.getLogger(__name__)

# Anatel, Res. 765/2023.
CONSUMER_LOYALTY_MONTHS = 12


class ContractContract(models.Model):
    """What happens when a term ends: it renews by itself, by quote, or not.

    The contract goes on in any case; a term says until when its conditions
    were agreed.
    """

    _inherit = "contract.contract"

    renewed_until = fields.Date(
        readonly=True, copy=False, help="Last day of the term the last renewal began."
    )
    term_end_date = fields.Date(
        compute="_compute_term_end_date",
        store=True,
        index="btree_not_null",
        help="Last day of the present term: the loyalty's or the last renewal's.",
    )
    renewal_announced_for = fields.Date(
        readonly=True,
        copy=False,
        help="End of the term for which somebody was asked to make a quote.",
    )

    @api.depends("loyalty_end_date", "renewed_until")
    def _compute_term_end_date(self):
        for contract in self:
            ends = filter(None, (contract.loyalty_end_date, contract.renewed_until))
            contract.term_end_date = max(ends, default=False)

    # === BUSINESS ===

    def _renew(
        self,
        day,
        months,
        is_loyalty_renewed=False,
        reason=None,
        is_agreed=False,
        line_values=None,
    ):
        """Begin a term of some months on a day.

        :param is_loyalty_renewed: a loyalty term begins, too; for a consumer
            only where the customer agreed to it, never automatically, and for
            12 months at most (Anatel, Res. 765/2023)
        :param is_agreed: the customer agreed to it, so that it may begin before
            the present term ends
        :param line_values: the lines of the plan from then on, where the renewal
            changes them
        :raise UserError: no months, not in force, or a term still running
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_change()
        if line_values:
            self._check_change(day)
        self._check_renewal(day, months, is_agreed)
        if is_loyalty_renewed:
            self._check_new_loyalty(months)
        before = self.term_end_date
        if line_values:
            self._replace_plan_lines(line_values, day)
        values = {"renewed_until": day + relativedelta(months=months) - ONE_DAY}
        if is_loyalty_renewed:
            values |= {"loyalty_start_date": day, "loyalty_months": months}
        self.write(values)
        self.env["contract.event"]._record(
            self,
            "renewal",
            effective_date=day,
            from_state=before and format_date(self.env, before),
            to_state=format_date(self.env, self.term_end_date),
            reason=reason,
        )

    def _prepare_plan_lines_at(self, monthly_price, day, plan=None):
        """Return the values of the plan's lines, at another price from a day on.

        :param monthly_price: what the plan is to cost in a month; its main line
            takes the difference
        :param plan: another plan than the present one
        """
        self.ensure_one()
        if plan:
            vals_list = plan._prepare_contract_lines(day)
        else:
            lines = self._lines_in_force(day).filtered("is_plan_line")
            terms = {"date_start": day, "price_since": False}
            vals_list = lines._prepare_successors([terms] * len(lines))
        model = self.env["contract.line"]
        drafts = [model.new(values | {"contract_id": self.id}) for values in vals_list]
        main = self._get_main_line(model.union(*drafts))
        rest = sum(line.monthly_recurring for line in drafts if line != main)
        vals_list[drafts.index(main)] |= {
            "automatic_price": False,
            "specific_price": main._get_price_of_month(monthly_price - rest),
        }
        return vals_list

    def _renew_automatically(self, today):
        """Begin the terms that follow one another until today."""
        self.ensure_one()
        is_company = self.partner_id.commercial_partner_id.is_company
        while self.term_end_date < today:
            self._renew(
                self.term_end_date + ONE_DAY,
                self.renewal_months,
                is_loyalty_renewed=self.is_loyalty_renewed and is_company,
                reason=self.env._("Automatic renewal"),
            )

    def _ask_for_renewal(self):
        """Ask the salesperson for a quote before the term ends, once."""
        for contract in self:
            contract.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=contract.term_end_date,
                summary=self.env._("Quote for the renewal"),
                note=self.env._(
                    "The term of %(contract)s ends on %(date)s.",
                    contract=contract.display_name,
                    date=format_date(self.env, contract.term_end_date),
                ),
                user_id=contract.user_id.id or self.env.user.id,
            )
            contract.renewal_announced_for = contract.term_end_date

    def _check_renewal(self, day, months, is_agreed):
        if self.lifecycle_state not in ("active", "suspended"):
            raise UserError(
                self.env._(
                    "%(contract)s is not in force and cannot be renewed.",
                    contract=self.display_name,
                )
            )
        self._check_no_closing()
        if months < 1:
            raise UserError(self.env._("A renewal lasts at least one month."))
        present_end = self.term_end_date
        if not present_end:
            return
        if is_agreed:
            self._check_longer(day + relativedelta(months=months) - ONE_DAY)
        elif day <= present_end:
            raise UserError(
                self.env._(
                    "The present term of %(contract)s lasts until %(end)s. Renew it "
                    "from %(earliest)s on.",
                    contract=self.display_name,
                    end=format_date(self.env, present_end),
                    earliest=format_date(self.env, present_end + ONE_DAY),
                )
            )

    def _check_longer(self, new_end):
        """Raise for a term that would end before the present one."""
        if new_end < self.term_end_date:
            raise UserError(
                self.env._(
                    "The new term would end on %(new)s, before the present one of "
                    "%(contract)s, which lasts until %(end)s. Choose more months or "
                    "a later day.",
                    new=format_date(self.env, new_end),
                    contract=self.display_name,
                    end=format_date(self.env, self.term_end_date),
                )
            )

    def _check_new_loyalty(self, months):
        """Raise for a loyalty term longer than a consumer may be bound.

        Source: Anatel, Res. 765/2023 (consumers: 12 months).
        """
        is_company = self.partner_id.commercial_partner_id.is_company
        if months > CONSUMER_LOYALTY_MONTHS and not is_company:
            raise UserError(
                self.env._(
                    "A consumer may be bound for %(months)s months at most. Renew "
                    "%(contract)s for less, or without loyalty.",
                    months=CONSUMER_LOYALTY_MONTHS,
                    contract=self.display_name,
                )
            )

    # === CRONS ===

    @api.model
    def _cron_renew(self, today=None):
        """Renew what ended, and ask for quotes for what is about to end.

        :param today: the day to follow, the companies' own where none is given
        """
        renewed = self._read_group(
            self._get_renewable_domain("automatic"), ["company_id"]
        )
        for (company,) in renewed:
            day = today or company._get_local_date()
            for contract in self.search(self._get_ended_terms_domain(company, day)):
                try:
                    with self.env.cr.savepoint():
                        contract._renew_automatically(day)
                except UserError:
                    _logger.exception("Contract %s cannot be renewed", contract.id)
        quoted = self._read_group(self._get_renewable_domain("quote"), ["company_id"])
        for (company,) in quoted:
            day = today or company._get_local_date()
            ending = self.search(self._get_ending_terms_domain(company, day))
            new = ending.filtered(lambda c: c.renewal_announced_for != c.term_end_date)
            new._ask_for_renewal()

    @api.model
    def _get_renewable_domain(self, mode):
        return (
            Domain("generation_type", "=", GENERATION_TYPE)
            & Domain("lifecycle_state", "in", ("active", "suspended"))
            & Domain("terminate_date", "=", False)
            & Domain("renewal_mode", "=", mode)
        )

    @api.model
    def _get_ended_terms_domain(self, company, today):
        return (
            self._get_renewable_domain("automatic")
            & Domain("company_id", "=", company.id)
            & Domain("term_end_date", "<", today)
        )

    @api.model
    def _get_ending_terms_domain(self, company, today):
        until = today + timedelta(days=company.contract_renewal_notice_days)
        return (
            self._get_renewable_domain("quote")
            & Domain("company_id", "=", company.id)
            & Domain("term_end_date", ">=", today)
            & Domain("term_end_date", "<=", until)
        )
