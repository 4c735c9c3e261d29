from collections import Counter

from odoo import api, models


class ContractOverview(models.AbstractModel):
    """What today's dunning run will do: asked apart, for it takes longer."""

    _inherit = "contract.overview"

    @api.model
    def get_run_forecast(self):
        """Return how many invoices get which step of dunning today.

        The same calculation as the run's, so the numbers are those it will
        reach; steps it has taken already are not due any more.
        """
        contracts = self.env["contract.contract"]
        contracts.check_access("read")
        if "contract.dunning.run" not in self.env:
            return None
        counts, held = Counter(), 0
        for company in self.env.companies:
            day = company._get_local_date()
            due = contracts.sudo()._get_due_steps(day, company=company)
            for _debt, steps in due:
                counts.update(step.step.kind for step in steps if not step.hold)
                held += sum(1 for step in steps if step.hold)
        return self._get_run_words(counts, held)

    @api.model
    def _get_run_words(self, counts, held):
        field = self.env["contract.dunning.entry"]._fields["kind"]
        rows = [
            {"key": kind, "label": label, "count": counts[kind]}
            for kind, label in field._description_selection(self.env)
            if counts[kind]
        ]
        if held:
            label = self.env._("Wait for what the law asks")
            rows.append({"key": "held", "label": label, "count": held})
        return {
            "title": self.env._("What today's dunning run will do"),
            "rows": rows,
            "empty": self.env._("No step of dunning is due, or all were taken."),
        }
