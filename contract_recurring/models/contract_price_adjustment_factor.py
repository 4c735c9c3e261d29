from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.price_adjustment import (
    MissingMonths,
    accumulated_factor,
    applied_factor,
    percent_factor,
)


class ContractPriceAdjustment(models.Model):
    """By what factor prices change, kept as data and told in words."""

    _inherit = "contract.price.adjustment"

    explanation = fields.Json(
        readonly=True,
        copy=False,
        help="Method, index, months and factor that gave the new prices.",
    )
    explanation_text = fields.Char(
        string="Calculation", compute="_compute_explanation_text"
    )
    index_percent = fields.Float(
        string="Accumulated (%)", digits=(16, 4), compute="_compute_index_percent"
    )
    missing_months = fields.Char(compute="_compute_index_percent")

    _index_given = models.Constraint(
        "CHECK (method <> 'index' OR index_id IS NOT NULL)",
        "Choose the index to adjust by.",
    )

    # === COMPUTES ===

    @api.depends("method", "index_id", "month")
    def _compute_index_percent(self):
        for adjustment in self:
            adjustment.index_percent, adjustment.missing_months = 0.0, False
            if adjustment.method != "index" or not adjustment.index_id:
                continue
            try:
                factor = accumulated_factor(
                    adjustment.index_id._get_values(),
                    adjustment.month.replace(day=1),
                )
            except MissingMonths as error:
                adjustment.missing_months = str(error)
            else:
                adjustment.index_percent = float(100 * (factor - 1))

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for adjustment in self:
            adjustment.explanation_text = adjustment._explain()

    def _explain(self):
        """Return the calculation in words, False before a simulation."""
        explanation = self.explanation
        if not explanation:
            return False
        percent = 100 * (Decimal(explanation["factor"]) - 1)
        if explanation["rule"] == "percent":
            return self.env._("Fixed percentage of %s%%", self._format_percent(percent))
        months = explanation["months"]
        text = self.env._(
            "%(index)s from %(first)s to %(last)s: %(percent)s%%",
            index=explanation["index"],
            first=format_date(self.env, months[0]["month"], date_format="MM/yyyy"),
            last=format_date(self.env, months[-1]["month"], date_format="MM/yyyy"),
            percent=self._format_percent(percent),
        )
        if explanation["applied_factor"] != explanation["factor"]:
            text += " " + self.env._("(prices are never lowered: 0%)")
        return text

    @api.model
    def _format_percent(self, percent):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        text = f"{percent:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", lang.decimal_point or ".")

    # === SIMULATION ===

    def _simulate(self):
        self.explanation = self._prepare_explanation()
        return super()._simulate()

    def _drop_simulation(self):
        simulated = super()._drop_simulation()
        simulated.explanation = False
        return simulated

    def _prepare_explanation(self):
        """Return the calculation of the factor as data; numbers are text.

        :raise UserError: naming the months the index has no value for
        """
        self.ensure_one()
        if self.method == "percent":
            factor = percent_factor(Decimal(f"{self.percent:.6f}"))
            parts = {"rule": "percent"}
        else:
            factor, months = self.index_id._get_factor(self.month)
            parts = {
                "rule": "index",
                "index": self.index_id.code,
                "months": [
                    {"month": month.isoformat(), "percent": f"{percent:f}"}
                    for month, percent in months.items()
                ],
            }
        never_lower = self.never_lower and self.method == "index"
        return parts | {
            "factor": str(factor),
            "applied_factor": str(applied_factor(factor, never_lower)),
            "never_lower": never_lower,
        }
