from odoo import api, fields, models


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
