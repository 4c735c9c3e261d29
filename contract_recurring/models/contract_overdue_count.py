import operator as op

from odoo import fields, models
from odoo.fields import Domain

# Comparisons a condition on the number of overdue invoices may make.
COMPARISONS = {
    ">": op.gt,
    ">=": op.ge,
    "<": op.lt,
    "<=": op.le,
    "in": lambda count, values: count in values,
}


class ContractContract(models.Model):
    """How many invoices of a contract are overdue: what conditions ask for."""

    _inherit = "contract.contract"

    overdue_invoice_count = fields.Integer(
        string="Overdue Invoices",
        compute="_compute_overdue_invoice_count",
        search="_search_overdue_invoice_count",
    )

    def _compute_overdue_invoice_count(self):
        counts = self._count_overdue_invoices([("contract_id", "in", self.ids)])
        for contract in self:
            contract.overdue_invoice_count = counts.get(contract.id, 0)

    def _search_overdue_invoice_count(self, operator, value):
        compare = COMPARISONS.get(operator)
        if not compare:
            return NotImplemented
        counts = self._count_overdue_invoices([])
        found = [i for i, count in counts.items() if compare(count, value)]
        domain = Domain("id", "in", found)
        if compare(0, value):
            domain |= Domain("id", "not in", list(counts))
        return domain

    def _count_overdue_invoices(self, domain):
        """Return {contract id: how many invoices are overdue}, none left out."""
        rows = (
            self.env["contract.receivable"]
            .sudo()  # who may read a contract may know what is open on it
            ._read_group([("age", "!=", "open"), *domain], ["contract_id"], ["__count"])
        )
        return {contract.id: count for contract, count in rows}
