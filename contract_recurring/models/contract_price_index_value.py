from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools.price_adjustment import MissingMonths, accumulated_factor


class ContractPriceIndexValue(models.Model):
    """How much an index varied in one month."""

    _name = "contract.price.index.value"
    _description = "Price Index Value"
    _inherit = "contract.month.mixin"
    _order = "index_id, month desc"
    _rec_name = "month"

    index_id = fields.Many2one(
        "contract.price.index", required=True, index=True, ondelete="cascade"
    )
    month = fields.Date(help="Any day of the month.")
    percent = fields.Float(
        string="Variation (%)", digits=(16, 6), required=True, aggregator="avg"
    )
    accumulated_percent = fields.Float(
        string="Accumulated 12 Months (%)",
        digits=(16, 4),
        compute="_compute_accumulated_percent",
        store=True,
        aggregator="avg",
        help="Variation over the twelve months that end with this one.",
    )
    is_year_complete = fields.Boolean(
        compute="_compute_accumulated_percent",
        store=True,
        help="The eleven months before have values too.",
    )

    _one_value_per_month = models.UniqueIndex(
        "(index_id, month)", "This month of the index has a value already."
    )
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(day FROM month) = 1)", "A month is kept as its first day."
    )
    _possible_percent = models.Constraint(
        "CHECK (percent > -100 AND percent < 1000)",
        "A monthly variation lies between -100 % and 1000 %.",
    )

    @api.depends("index_id.value_ids.month", "index_id.value_ids.percent")
    def _compute_accumulated_percent(self):
        known = {index: index._get_values() for index in self.index_id}
        for value in self:
            try:
                factor = accumulated_factor(
                    known[value.index_id], value.month + relativedelta(months=1)
                )
            except MissingMonths:
                value.is_year_complete = False
                value.accumulated_percent = 0.0
            else:
                value.is_year_complete = True
                value.accumulated_percent = float(100 * (factor - 1))

    def _get_percent(self):
        self.ensure_one()
        return self.index_id._to_decimal(self.percent)
