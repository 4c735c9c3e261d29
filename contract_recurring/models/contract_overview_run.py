from collections import Counter

from odoo import api, models


class ContractOverview(models.AbstractModel):
    """What today's dunning run did, or will do: asked apart, for it takes longer."""

    _inherit = "contract.overview"

    @api.model
    def get_run_forecast(self):
        """Return how many invoices get which step of dunning today.

        Where the run has begun, what it took; before, the same calculation as
        the run's, so the numbers are those it will reach.
        """
        contracts = self.env["contract.contract"]
        contracts.check_access("read")
        if "contract.dunning.run" not in self.env:
            return None
        counts = Counter()
        for company in self.env.companies:
            day = company._get_local_date()
            run = self.env["contract.dunning.run"].sudo()
            run = run.search(
                [
                    ("company_id", "=", company.id),
                    ("date", "=", day),
                    ("state", "in", ("running", "done")),
                ]
            )
            if run:
                counts.update(self._count_taken_steps(run))
            else:
                counts.update(self._count_due_steps(company, day))
        return self._get_run_words(counts)

    @api.model
    def _count_taken_steps(self, run):
        """Return how many invoices got which step by the run of the day."""
        rows = (
            self.env["contract.dunning.entry"]
            .sudo()
            ._read_group([("run_id", "in", run.ids)], ["kind", "state"], ["__count"])
        )
        counts = Counter()
        for kind, state, count in rows:
            counts["held" if state == "held" else kind] += count
        return counts

    @api.model
    def _count_due_steps(self, company, day):
        contracts = self.env["contract.contract"].sudo()
        return Counter(
            "held" if step.hold else step.step.kind
            for _debt, steps in contracts._get_due_steps(day, company=company)
            for step in steps
        )

    @api.model
    def _get_run_words(self, counts):
        field = self.env["contract.dunning.entry"]._fields["kind"]
        rows = [
            {"key": kind, "label": label, "count": counts[kind]}
            for kind, label in field._description_selection(self.env)
            if counts[kind]
        ]
        if counts["held"]:
            label = self.env._("Wait for what the law asks")
            rows.append({"key": "held", "label": label, "count": counts["held"]})
        return {
            "title": self.env._("What today's dunning run does"),
            "rows": rows,
            "empty": self.env._("No step of dunning is due today."),
        }
