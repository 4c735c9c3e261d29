from odoo import api, fields, models


class ContractChangePlan(models.TransientModel):
    """Upgrade, downgrade, or migration to another technology."""

    _name = "contract.change.plan"
    _inherit = "contract.change.wizard"
    _description = "Change the Plan of a Contract"

    is_migration = fields.Boolean(help="To a plan of another technology.")
    plan_id = fields.Many2one("contract.template", string="New Plan", required=True)
    allowed_plan_ids = fields.Many2many(
        "contract.template", compute="_compute_allowed_plan_ids"
    )

    @api.depends("contract_id", "is_migration")
    def _compute_allowed_plan_ids(self):
        for wizard in self:
            contract = wizard.contract_id
            plans = self.env["contract.template"].search(
                [
                    ("contract_type", "=", "sale"),
                    ("company_id", "=", contract.company_id.id),
                    ("id", "!=", contract.contract_template_id.id),
                ]
            )
            present = contract.technology
            wizard.allowed_plan_ids = plans.filtered(
                lambda plan, present=present, migrate=wizard.is_migration: (
                    bool(plan.technology and plan.technology != present) == migrate
                )
            )

    @api.depends("plan_id", "is_migration")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.plan_id)

    def _apply(self, contract):
        plan = self.plan_id.with_env(contract.env)
        if self.is_migration:
            contract._migrate_technology(plan, self.date, reason=self.reason)
        else:
            contract._change_plan(plan, self.date, reason=self.reason)
