from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Discounts of a contract: given, ended, and following its prices."""

    _inherit = "contract.contract"

    discount_ids = fields.One2many("contract.discount", "contract_id", readonly=True)

    def _grant_discount(
        self, day, percent=None, amount=None, date_to=None, reason=None
    ):
        """Take a percentage or an amount off each period from a day on.

        :param date_to: last day, None for no end
        """
        self.ensure_one()
        self._lock_for_change()
        self._check_change(day, is_addition=True)
        self._check_discount(day, percent, amount, date_to)
        discount = (
            self.env["contract.discount"]
            .sudo()
            .create(
                {
                    "contract_id": self.id,
                    "kind": "value" if amount else "percent",
                    "discount_percent": percent or 0.0,
                    "amount": amount or 0.0,
                    "date_from": day,
                    "date_to": date_to,
                    "reason": reason,
                }
            )
        )
        discount._reprice(day)
        self.env["contract.event"]._record(
            self,
            "discount",
            effective_date=day,
            to_state=discount._get_label(),
            reason=reason,
        )
        return discount

    def _end_discount(self, discount, day, reason=None):
        """End a discount: from that day on the whole price holds."""
        self.ensure_one()
        self._lock_for_change()
        self._check_change(day, is_addition=True)
        discount.sudo()._end(day - ONE_DAY)
        self._reprice_discounts(day)
        self.env["contract.event"]._record(
            self,
            "discount",
            effective_date=day,
            from_state=discount._get_label(),
            reason=reason,
        )

    def _check_discount(self, day, percent, amount, date_to):
        if date_to and date_to < day:
            raise UserError(self.env._("The discount ends before it begins."))
        if amount is None and not 0 < (percent or 0) <= 100:
            raise UserError(
                self.env._("A discount lies above 0 and at 100 percent at most.")
            )
        if amount is not None:
            price = sum(
                span.amount
                for span in self._get_discountable_spans() + self._get_discount_spans()
                if span.holds(day)
            )
            if not 0 < amount <= price:
                raise UserError(
                    self.env._(
                        "The discount must lie above zero and cannot exceed what the "
                        "contract costs, %(price)s.",
                        price=self.env["contract.charge"]._format_money(
                            self.currency_id, price
                        ),
                    )
                )

    def _reprice_discounts(self, day):
        """Let the discounts follow lines that began, ended or changed on a day."""
        self.ensure_one()
        for discount in self.sudo().discount_ids.sorted("id"):
            if discount._is_in_force(day):
                discount._reprice(day)

    def _get_discount_change(self, rows):
        """Return how new prices change what discounts take off a month.

        :param rows: line_id, start and after (as text) of each new price
        """
        self.ensure_one()
        day = max(fields.Date.to_date(row["start"]) for row in rows)
        discounts = self.discount_ids.filtered(lambda d: d._is_in_force(day))
        lines = self._get_discountable_lines()
        if not discounts or not lines:
            return 0.0
        prices = lines._get_priced_spans(
            {row["line_id"]: Decimal(row["after"]) for row in rows}
        )
        months = float(lines[0]._get_months())
        after = sum(
            self.currency_id.round(float(span.amount) / months)
            for discount in discounts
            for span in discount._get_spans(day, prices)
            if span.holds(day)
        )
        before = self._lines_in_force(day).filtered("discount_id")
        return after - sum(before.mapped("monthly_recurring"))

    def _get_discountable_spans(self):
        """Return what the lines cost by time that discounts are taken off."""
        return self._get_discountable_lines()._get_priced_spans()

    def _get_discountable_lines(self):
        """Return the lines that discounts are taken off.

        Lines of another recurrence than the contract's are left out: their
        invoices come at other times.
        """
        self.ensure_one()
        return self.contract_line_ids.filtered(
            lambda line: (
                not line.discount_id
                and line._is_billable()
                and line.recurring_rule_type == self.recurring_rule_type
                and line.recurring_interval == self.recurring_interval
            )
        )

    def _get_discount_spans(self):
        """Return what discounts take off by time."""
        self.ensure_one()
        return self.contract_line_ids.filtered(
            lambda line: line.discount_id and line._is_billable()
        )._get_priced_spans()
