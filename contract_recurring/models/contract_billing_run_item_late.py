from odoo import api, models


class ContractBillingRunItem(models.Model):
    """A simulation says what will be billed: fine, interest, days blocked."""

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
        blocked = simulated._get_blocked_credit(run.invoice_date)
        for vals in vals_list:
            contract_id = vals["contract_id"]
            vals["amount"] += late.get(contract_id, 0.0) + blocked.get(contract_id, 0.0)
        return vals_list
