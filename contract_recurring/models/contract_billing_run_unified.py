from odoo import models
from odoo.fields import Domain


class ContractBillingRun(models.Model):
    """Contracts billed together come into a run together."""

    _inherit = "contract.billing.run"

    def _get_filter_domain(self, path=""):
        chosen = super()._get_filter_domain(path)
        if chosen.is_true():
            return chosen
        together = Domain(f"{path}unified_from", "<=", self.date_to) & Domain(
            f"{path}billing_group_id.contract_ids", "any", super()._get_filter_domain()
        )
        return chosen | together

    def _cut_batches(self, items):
        """Leave contracts billed together in one batch: they are one invoice."""
        unified = items.search(
            [("id", "in", items.ids), ("contract_id.billing_group_id", "!=", False)]
        )
        batches = list(super()._cut_batches(items - unified))
        batch = []
        for group in unified.grouped(lambda i: i.contract_id.billing_group_id).values():
            if batch and len(batch) + len(group) > self._batch_size:
                batches.append(batch)
                batch = []
            batch = batch + group.ids
        return [*batches, batch] if batch else batches
