from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.price_adjustment import MissingMonths, accumulated_factor, months_before


class ContractPriceIndex(models.Model):
    """A published index of prices that contracts are adjusted by (IGP-M, IPCA…)."""

    _name = "contract.price.index"
    _description = "Price Index"
    _order = "sequence, name"
    _rec_name = "code"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    code = fields.Char(required=True)
    publisher = fields.Char(help="Who publishes the values, and where to find them.")
    active = fields.Boolean(default=True)
    value_ids = fields.One2many("contract.price.index.value", "index_id")
    last_month = fields.Date(
        compute="_compute_last_value", help="Last month with a value."
    )
    accumulated_percent = fields.Float(
        string="Accumulated 12 Months (%)",
        digits=(16, 4),
        compute="_compute_last_value",
        help="Variation over the last twelve months with a value.",
    )

    _code_unique = models.UniqueIndex("(code)", "There is an index with this code.")

    @api.depends("value_ids.month", "value_ids.accumulated_percent")
    def _compute_last_value(self):
        for index in self:
            last = index.value_ids.sorted("month")[-1:]
            index.last_month = last.month
            index.accumulated_percent = last.accumulated_percent

    def action_view_chart(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_price_index_value_action"
        )
        action["domain"] = [("index_id", "=", self.id), ("is_year_complete", "=", True)]
        return action

    def action_import(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_price_index_import_action"
        )
        return {
            **action,
            "context": {"default_index_id": self.id, "dialog_size": "large"},
        }

    def _get_values(self):
        """Return {first day of the month: percent as Decimal}."""
        self.ensure_one()
        return {value.month: value._get_percent() for value in self.value_ids}

    def _get_factor(self, month):
        """Return the factor of the twelve months before a month, and its parts.

        :return: (factor, {first day: percent}), Decimal
        :raise UserError: naming the months that have no value
        """
        self.ensure_one()
        values = self._get_values()
        try:
            factor = accumulated_factor(values, month)
        except MissingMonths as error:
            raise UserError(
                self.env._(
                    "%(index)s has no value for %(months)s. Enter or import it under "
                    "Configuration > Price Indexes, or choose another month of "
                    "adjustment.",
                    index=self.code,
                    months=error,
                )
            ) from error
        return factor, {first: values[first] for first in months_before(month)}

    def _set_values(self, percents):
        """Enter the values of months; equal ones are left alone.

        :param percents: {first day of the month: Decimal}
        """
        self.ensure_one()
        known = {value.month: value for value in self.value_ids}
        for month in percents.keys() & known.keys():
            if known[month]._get_percent() != percents[month]:
                known[month].percent = float(percents[month])
        self.env["contract.price.index.value"].create(
            [
                {"index_id": self.id, "month": month, "percent": float(percent)}
                for month, percent in sorted(percents.items())
                if month not in known
            ]
        )

    @api.model
    def _to_decimal(self, number):
        """Return a stored percentage as it was typed, without binary noise."""
        return Decimal(f"{number:.6f}").normalize()
