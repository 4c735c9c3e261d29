from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.late_charge import MAX_FINE_PERCENT, MAX_INTEREST_PERCENT

TIME_ZONE = "America/Sao_Paulo"


class ResCompany(models.Model):
    """Fine and interest of late payments, where plan and contract say nothing."""

    _inherit = "res.company"

    late_fee_percent = fields.Float(string="Fine (%)", digits=(16, 2), default=2.0)
    late_interest_percent = fields.Float(
        string="Interest (% a Month)", digits=(16, 4), default=1.0
    )
    late_charge_policy = fields.Selection(
        [
            ("with_payment", "With the payment"),
            ("next_invoice", "On the next invoice"),
        ],
        string="Charge Fine and Interest",
        default="with_payment",
        required=True,
    )
    is_overdue_interest_included = fields.Boolean(
        string="Interest of Overdue Invoices on the Next",
        help="Default of new plans (considerar juros na fatura).",
    )
    is_blocked_time_charged = fields.Boolean(
        string="Charge Days Blocked for Late Payment",
        help="Contested in law; not marked, days on which the service was blocked for "
        "late payment are given back.",
    )

    @api.constrains("late_fee_percent", "late_interest_percent")
    def _check_late_rates(self):
        for company in self:
            self._check_legal_late_rates(
                company.late_fee_percent, company.late_interest_percent
            )

    @api.model
    def _check_legal_late_rates(self, fine_percent, interest_percent):
        """Raise where a rate is more than the law lets a provider charge."""
        if not 0 <= fine_percent <= MAX_FINE_PERCENT:
            raise ValidationError(
                self.env._(
                    "A fine of %(percent)s %% is not possible: the law allows from 0 "
                    "to 2 %% of what is paid late (Lei 8.078/1990, art. 52 § 1).",
                    percent=f"{fine_percent:g}",
                )
            )
        if not 0 <= interest_percent <= MAX_INTEREST_PERCENT:
            raise ValidationError(
                self.env._(
                    "Interest of %(percent)s %% a month is not possible: from 0 to "
                    "1 %% a month may be charged for late payment (Código Civil, "
                    "art. 406; Código Tributário, art. 161 § 1).",
                    percent=f"{interest_percent:g}",
                )
            )

    def _get_local_date(self):
        """Return today's date where the company is: the day that law counts."""
        return self._get_local_time(fields.Datetime.now()).date()

    def _get_local_time(self, moment):
        """Return what the clock shows where the company is.

        :param datetime moment: in UTC, as Odoo stores it
        """
        self.ensure_one()
        zone = ZoneInfo(self.partner_id.tz or TIME_ZONE)
        return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)

    def _get_start_of(self, day):
        """Return when a day begins where the company is, in UTC as Odoo stores it."""
        self.ensure_one()
        zone = ZoneInfo(self.partner_id.tz or TIME_ZONE)
        start = datetime.combine(day, time(), zone)
        return start.astimezone(UTC).replace(tzinfo=None)

    def _get_late_charge_policy(self):
        self.ensure_one()
        return self.late_charge_policy
