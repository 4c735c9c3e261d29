from decimal import Decimal

from odoo import models

from ..tools.loyalty_penalty import loyalty_penalty, months_left


class ContractContract(models.Model):
    """What leaving before the end of the loyalty term costs."""

    _inherit = "contract.contract"

    def _get_loyalty_left(self, last_day):
        """Return the whole months of loyalty left after a day."""
        self.ensure_one()
        start = self.loyalty_start_date or self.date_start
        if not start or not self.loyalty_months:
            return 0
        return months_left(start, self.loyalty_months, last_day)

    def _get_loyalty_penalty(self, last_day):
        """Return the penalty for leaving with a day as the last.

        A trial binds nobody; a term whose penalty was charged is settled.
        """
        self.ensure_one()
        left = self._get_loyalty_left(last_day)
        if not left or self._is_in_trial(last_day) or self._is_loyalty_settled():
            return 0.0
        amount = loyalty_penalty(
            Decimal(str(self.loyalty_penalty_amount)),
            self.loyalty_months,
            left,
            Decimal(str(self.currency_id.rounding)),
        )
        return float(amount)

    def _is_loyalty_settled(self):
        self.ensure_one()
        start = self.loyalty_start_date or self.date_start
        return bool(
            self.charge_ids.filtered(
                lambda charge: (
                    charge.kind == "penalty"
                    and charge.state != "cancelled"
                    and charge.period_start >= start
                )
            )
        )

    def _prepare_loyalty_penalty(self, last_day, due_date):
        """Return the values of the penalty's charge."""
        self.ensure_one()
        amount = self._get_loyalty_penalty(last_day)
        return {
            "contract_id": self.id,
            "partner_id": self.partner_id.id,
            "kind": "penalty",
            "product_id": self.env.ref("contract_recurring.product_loyalty_penalty").id,
            "period_start": last_day,
            "period_end": last_day,
            "due_date": due_date,
            "price_unit": amount,
            "currency_id": self.currency_id.id,
            "amount": amount,
            "explanation": {
                "rule": "penalty",
                "inputs": {
                    "left": self._get_loyalty_left(last_day),
                    "months": self.loyalty_months,
                    "full_amount": str(self.loyalty_penalty_amount),
                    "amount": str(amount),
                },
            },
        }
