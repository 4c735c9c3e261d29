from odoo import api, fields, models

RENDER_MODELS = {
    "contract": "contract.contract",
    "agreement": "contract.debt.agreement",
}


class ContractPrintTemplate(models.Model):
    """Texts of agreements beside those of contracts (*termo de acordo*)."""

    _inherit = "contract.print.template"
    _placeholder_fields = ("body", "kind")

    kind = fields.Selection(
        [("contract", "Contract"), ("agreement", "Agreement about a debt")],
        string="Prints",
        default="contract",
        required=True,
    )

    @api.depends("kind")
    def _compute_render_model(self):
        for template in self:
            template.render_model = RENDER_MODELS[template.kind or "contract"]

    def _get_printed_model(self):
        return self.env[RENDER_MODELS[self.kind]]
