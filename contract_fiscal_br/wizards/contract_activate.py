from odoo import api, fields, models


class ContractActivate(models.TransientModel):
    """Says at the activation what would keep the boletos from being issued."""

    _inherit = "contract.activate"

    payer_warning = fields.Text(compute="_compute_payer_warning")

    @api.depends("contract_ids")
    def _compute_payer_warning(self):
        for wizard in self:
            problems = wizard.contract_ids._origin._get_payer_problems()
            wizard.payer_warning = "\n".join(problems)
