from odoo import models


class CollectionEvent(models.Model):
    """Staff are told of what needs a look, on the contract it is about."""

    _inherit = "collection.event"

    def _raise_alert(self):
        """Schedule an activity on the contracts of what was flagged just now."""
        flagged = self.filtered(
            lambda event: event.to_look and event.company_id.is_contract_alerted
        )
        contracts = flagged.move_id.contract_charge_ids.contract_id
        if contracts:
            contracts._alert(
                self.env.ref("contract_fiscal_br.activity_alert_collection")
            )
