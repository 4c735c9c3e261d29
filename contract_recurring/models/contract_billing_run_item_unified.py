from odoo import models
from odoo.exceptions import UserError


class ContractBillingRunItem(models.Model):
    """What is billed together succeeds or fails together."""

    _inherit = "contract.billing.run.item"

    def _bill(self):
        others = self._get_billed_with() - self
        for item in others.filtered(lambda item: item.state == "failed"):
            raise UserError(
                self.env._(
                    "Billed together with %(contract)s, which fails: %(why)s",
                    contract=item.contract_id.display_name,
                    why=item.message,
                )
            )
        waiting = others.filtered(lambda item: item.state == "pending")
        if waiting:
            waiting.lock_for_update()
        return super(ContractBillingRunItem, self | waiting)._bill()

    def _get_billed_with(self):
        """Return the items of the run whose contracts share invoices with these."""
        groups = self.contract_id.billing_group_id
        if not groups:
            return self
        items = self.search(
            [
                ("run_id", "in", self.run_id.ids),
                ("contract_id.billing_group_id", "in", groups.ids),
                ("state", "in", ("pending", "failed")),
            ]
        )
        dates = {run: run.date_to for run in self.run_id}
        return items.filtered(
            lambda item: item.contract_id._is_unified_on(dates[item.run_id])
        )
