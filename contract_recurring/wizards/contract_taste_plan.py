from odoo import api, fields, models


class ContractTastePlan(models.TransientModel):
    """Lends a larger plan for some days, for nothing (*degustação*, S004-41)."""

    _name = "contract.taste.plan"
    _inherit = "contract.change.wizard"
    _description = "Let a Contract Taste a Plan"

    technology = fields.Selection(related="contract_id.contract_template_id.technology")
    plan_id = fields.Many2one(
        "contract.template",
        string="Plan to Taste",
        domain="[('contract_type', '=', 'sale'), ('company_id', '=', company_id), "
        "('technology', '=', technology)]",
        required=True,
    )
    until = fields.Date(required=True, help="Last day of the tasting.")

    @api.depends("plan_id", "until")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.plan_id and self.until)

    def _apply(self, contract):
        plan = self.plan_id.with_env(contract.env)
        contract._start_tasting(plan, self.date, self.until, reason=self.reason)
