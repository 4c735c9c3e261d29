from odoo import api, fields, models


class ContractActivate(models.TransientModel):
    """Asks from which day on contracts are in force."""

    _name = "contract.activate"
    _description = "Activate Contracts"

    contract_ids = fields.Many2many(
        "contract.contract",
        default=lambda self: self.env.context.get("active_ids"),
        required=True,
    )
    date = fields.Date(
        string="Activation Date",
        default=fields.Date.context_today,
        required=True,
        help="First day of use: billing starts here, pro-rata if need be.",
    )
    preview = fields.Text(compute="_compute_preview")

    @api.depends("contract_ids", "date")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = False
            if len(wizard.contract_ids) == 1 and wizard.date:
                wizard.preview = wizard.contract_ids._preview_first_invoice(wizard.date)

    def action_activate(self):
        self.contract_ids._activate(self.date)
        return {"type": "ir.actions.act_window_close"}
