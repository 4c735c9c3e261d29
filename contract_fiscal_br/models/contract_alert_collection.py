from odoo import api, models


class ContractContract(models.Model):
    """Alerts of payments and boletos that need a look."""

    _inherit = "contract.contract"

    @api.model
    def _get_alerts(self, company):
        events = self.env["collection.event"].search(
            [("to_look", "=", True), ("company_id", "=", company.id)]
        )
        contracts = events.move_id.contract_charge_ids.contract_id
        activity = self.env.ref("contract_fiscal_br.activity_alert_collection")
        return super()._get_alerts(company) | {activity: set(contracts.ids)}
