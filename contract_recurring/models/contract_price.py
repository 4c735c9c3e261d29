from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Since when the price of a contract holds."""

    _inherit = "contract.contract"

    price_adjusted_on = fields.Date(
        copy=False,
        tracking=True,
        help="Last adjustment or change of plan. Enter the last adjustment of a "
        "contract that comes from another system.",
    )
    price_since = fields.Date(
        compute="_compute_price_since",
        help="Last adjustment, else the activation. The price may be adjusted a "
        "year later (Lei 10.192/2001, art. 2).",
    )

    @api.depends("date_start", "price_adjusted_on")
    def _compute_price_since(self):
        for contract in self:
            contract.price_since = contract.price_adjusted_on or contract.date_start

    def _agree_on_price(self, line, difference):
        """Let the contract cost that much more in a month, its discounts included.

        Before it is in force the line takes the price; afterwards another line
        takes over today, as with every change of a price.
        """
        self.ensure_one()
        if self.lifecycle_state in ("draft", "waiting"):
            line._change_monthly_amount(difference)
            return
        today = fields.Date.context_today(self)
        self._lock_for_change()
        self._check_change(today, is_addition=True)
        rise = difference / self._get_undiscounted_share(today)
        self._change_price(line, line.monthly_recurring + rise, today)
        # being written, the amount does not follow the lines by itself
        self.env.add_to_compute(self._fields["monthly_amount"], self)

    def _change_price(self, line, monthly_price, day, reason=None):
        """Let a line cost another price from a day on; discounts follow.

        Days charged ahead come back and are charged at the new price.
        """
        self.ensure_one()
        before = line.monthly_recurring
        terms = {
            "date_start": max(day, line.date_start),
            "price_since": False,
            "due_since": min(day, fields.Date.context_today(self)),
            "automatic_price": False,
            "specific_price": line._get_price_of_month(monthly_price),
        }
        values = line._prepare_successors([terms])
        self._end_lines(line, day - ONE_DAY)
        successor = self.env["contract.line"].create(values)
        self._reprice_discounts(day)
        if line.is_plan_line:
            self.price_adjusted_on = day
        self.env["contract.event"]._record(
            self,
            "price",
            effective_date=day,
            from_state=self._format_money(before),
            to_state=self._format_money(successor.monthly_recurring),
            reason=reason,
        )

    def _get_undiscounted_share(self, day):
        """Return how much of a higher price the percent discounts leave.

        :raise UserError: they leave nothing, whatever the price is
        """
        self.ensure_one()
        discounts = self.discount_ids.filtered(
            lambda discount: (
                discount.kind == "percent"
                and discount._get_terms().holds(day)
                and not discount.is_withdrawn
            )
        )
        share = 1 - sum(discounts.mapped("discount_percent")) / 100
        if share <= 0:
            raise UserError(
                self.env._(
                    "%(contract)s is discounted in full: end a discount before "
                    "changing the amount.",
                    contract=self.display_name,
                )
            )
        return share

    def _replace_plan_lines(self, line_values, day):
        """Count the year anew: another plan or price was agreed.

        Source: Lei 10.192/2001, art. 2, § 2 (a revision starts the period).
        """
        result = super()._replace_plan_lines(line_values, day)
        self.price_adjusted_on = day
        return result

    @api.model
    def _get_anniversary_domain(self, month):
        """Return the domain of contracts whose price holds since a month (1-12)."""
        return fields.Domain("price_adjusted_on.month_number", "=", month) | (
            fields.Domain("price_adjusted_on", "=", False)
            & fields.Domain("date_start.month_number", "=", month)
        )
