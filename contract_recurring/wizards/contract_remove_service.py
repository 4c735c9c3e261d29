from odoo import api, fields, models


class ContractRemoveService(models.TransientModel):
    """Ends an additional service or a discount."""

    _name = "contract.remove.service"
    _inherit = "contract.change.wizard"
    _description = "End a Service or Discount of a Contract"

    line_id = fields.Many2one(
        "contract.line",
        string="Service or Discount",
        domain="[('contract_id', '=', contract_id), ('is_plan_line', '=', False),"
        " ('is_canceled', '=', False), ('display_type', '=', False)]",
        required=True,
    )

    @api.depends("line_id")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.line_id)

    def _apply(self, contract):
        line = self.line_id.with_env(contract.env)
        contract._remove_service(line, self.date, reason=self.reason)
