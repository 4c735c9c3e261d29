from dataclasses import replace
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.billing_calendar import ONE_DAY, RULES

DAYS_PER_UNIT = {"days": 1, "weeks": 7}
DAYS_PER_MONTH = 30


class ContractLine(models.Model):
    """The price of a line holds until a successor with another one takes over."""

    _inherit = "contract.line"

    price_since = fields.Date(
        readonly=True,
        help="Day since which this price holds, if not since the line began; the "
        "next adjustment waits a year.",
    )
    due_since = fields.Date(
        readonly=True,
        help="First day on which this line may fall due, where it continues another "
        "and what is billed ahead is due before the line begins.",
    )
    adjusted_line_id = fields.Many2one(
        "contract.line",
        string="Before Adjustment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    adjustment_item_id = fields.Many2one(
        "contract.price.adjustment.item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _get_terms(self, activation=None):
        terms = super()._get_terms(activation)
        if activation or not self.due_since:
            return terms
        return replace(terms, due_since=self.due_since)

    def _is_adjustable(self):
        """Return whether an adjustment changes this price at all.

        Discounts follow the prices they are taken off; a price list has its own.
        What ends while the contract goes on stays as it was agreed: a service for
        some periods, or a plan about to be replaced.
        """
        self.ensure_one()
        return (
            self._is_billable()
            and not self.automatic_price
            and self.price_subtotal > 0
            and (not self.date_end or self.date_end == self.contract_id.date_end)
        )

    def _get_price_start(self, day):
        """Return the start of the first uncharged period from a day on."""
        self.ensure_one()
        since = max(day, self.date_start)
        if self.last_date_invoiced:
            since = max(since, self.last_date_invoiced + ONE_DAY)
        periods = self._get_calendar().periods(since)
        return next(period.start for period in periods if period.start >= since)

    def _get_price_base(self):
        """Return the day since which the price holds, to count a year from.

        The plan's price is the contract's; an additional service may have
        been agreed later.
        """
        self.ensure_one()
        base = self.contract_id.price_since
        if self.is_plan_line:
            return base
        return max(base, self.price_since or self.due_since or self.date_start)

    def _get_months(self):
        """Return how many months a period lasts, as OCA's monthly amount counts."""
        self.ensure_one()
        unit, per_unit = RULES[self.recurring_rule_type or "monthly"]
        length = Decimal(per_unit * (self.recurring_interval or 1))
        days = DAYS_PER_UNIT.get(unit)
        return length * days / DAYS_PER_MONTH if days else length

    def _get_month_price(self, price):
        """Return what a month would cost at another unit price, rounded."""
        self.ensure_one()
        currency = self.currency_id
        subtotal = self.quantity * price * (1 - self.discount / 100)
        return currency.round(currency.round(subtotal) / float(self._get_months()))

    def _get_price_of_month(self, amount):
        """Return the unit price at which a month costs an amount.

        :raise UserError: less than nothing, or a line that costs nothing at any
            price
        """
        self.ensure_one()
        factor = self.quantity * (1 - self.discount / 100)
        if amount < 0 or not factor:
            raise UserError(
                self.env._(
                    "“%(line)s” cannot take this price: change its quantity, its "
                    "discount or the price.",
                    line=self.name,
                )
            )
        return amount * float(self._get_months()) / factor

    def _prepare_successors(self, terms):
        """Return the values of lines that go on with these at another price.

        :param terms: for each line, the values that differ from its own
        """
        copies = self.copy_data({"last_date_invoiced": False})
        for line, values, changes in zip(self, copies, terms, strict=True):
            values |= {"due_since": line.due_since or line.date_start, **changes}
        return copies

    def _prepare_price_back(self):
        """Return what a line takes over to go on with this one's price."""
        self.ensure_one()
        return {
            "specific_price": self.specific_price,
            "price_since": self.price_since or self.date_start,
            "adjusted_line_id": self.adjusted_line_id.id,
            "adjustment_item_id": self.adjustment_item_id.id,
        }

    def _end_uncharged(self, day):
        """Let lines end the day before one from which on nothing is charged."""
        upcoming = self.filtered(lambda line: line.date_start >= day)
        upcoming.write({"is_canceled": True})
        (self - upcoming).write({"date_end": day - ONE_DAY})
