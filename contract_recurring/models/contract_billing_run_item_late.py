from odoo import api, models


class ContractBillingRunItem(models.Model):
    """A simulation says what will be billed: fine and interest included."""

    _inherit = "contract.billing.run.item"

    @api.model
    def _prepare_items(self, run, contracts):
        vals_list = super()._prepare_items(run, contracts)
        simulated = contracts.browse(vals["contract_id"] for vals in vals_list)
        prepared = simulated._prepare_overdue_interest(run.invoice_date)
        late = {
            contract.id: sum(vals["amount"] for vals in charges)
            for contract, charges in prepared.items()
        }
        for vals in vals_list:
            vals["amount"] += late.get(vals["contract_id"], 0.0)
        return vals_list
