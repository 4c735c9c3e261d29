from odoo import api, fields, models
from odoo.tools import format_amount


class ContractReactivate(models.TransientModel):
    """Asks from which day on a cancelled contract is in force again."""

    _name = "contract.reactivate"
    _description = "Reactivate a Contract"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    date = fields.Date(
        string="First Day of Service",
        required=True,
        default=fields.Date.context_today,
    )
    is_loyalty_restarted = fields.Boolean(string="Begin the Loyalty Term Again")
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")

    @api.depends("contract_id", "date")
    def _compute_preview(self):
        for wizard in self:
            lines = wizard.contract_id.contract_line_ids.filtered("is_ended_by_closing")
            amount = sum(lines.mapped("monthly_recurring"))
            wizard.preview = self.env._(
                "%(products)s: %(amount)s a month",
                products=", ".join(lines.mapped("name")),
                amount=format_amount(self.env, amount, wizard.contract_id.currency_id),
            )

    def action_reactivate(self):
        self.ensure_one()
        self.contract_id._reactivate(self.date, self.is_loyalty_restarted, self.reason)
        return {"type": "ir.actions.act_window_close"}
