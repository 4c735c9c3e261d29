from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..tools.billing_calendar import ONE_DAY


class ContractSuspend(models.TransientModel):
    """Asks from when to when a contract rests, and says what that costs."""

    _name = "contract.suspend"
    _description = "Suspend a Contract"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    date_from = fields.Date(
        string="First Day Without Service",
        required=True,
        default=fields.Date.context_today,
    )
    date_until = fields.Date(
        string="Last Day Without Service",
        help="Empty: as long as the company allows.",
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")

    @api.depends("contract_id", "date_from", "date_until")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = (
                wizard._describe() if wizard.contract_id and wizard.date_from else False
            )

    def _describe(self):
        """Return, in words, what the suspension gives back and costs."""
        contract = self.contract_id
        until = self._get_date_until()
        if until < self.date_from:
            return self.env._("The last day lies before the first.")
        credit, fee = contract._preview_suspension(self.date_from, until)
        return "\n".join(
            (
                self.env._(
                    "Service again on %(date)s",
                    date=format_date(self.env, until + ONE_DAY),
                ),
                self.env._(
                    "Credit for days charged ahead: %(amount)s",
                    amount=format_amount(self.env, credit, contract.currency_id),
                ),
                self.env._(
                    "Fee for the days without service: %(amount)s",
                    amount=format_amount(self.env, fee, contract.currency_id),
                ),
            )
        )

    def _get_date_until(self):
        return self.date_until or self.contract_id._get_longest_suspension(
            self.date_from
        )

    def action_suspend(self):
        self.ensure_one()
        self.contract_id._suspend(self.date_from, self._get_date_until(), self.reason)
        return {"type": "ir.actions.act_window_close"}
