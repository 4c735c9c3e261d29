import operator as op

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

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
        counts = self._count_overdue_invoices(self.ids)
        for contract in self:
            contract.overdue_invoice_count = counts.get(contract.id, 0)

    def _search_overdue_invoice_count(self, operator, value):
        compare = COMPARISONS.get(operator)
        if not compare:
            return NotImplemented
        # who asks about a few contracts names them here: the others are not read
        counts = self._count_overdue_invoices(self.env.context.get("overdue_of_ids"))
        found = [i for i, count in counts.items() if compare(count, value)]
        domain = Domain("id", "in", found)
        if compare(0, value):
            domain |= Domain("id", "not in", list(counts))
        return domain

    @api.model
    def _count_overdue_invoices(self, ids=None):
        """Return {contract id: how many invoices are overdue}, of those with any.

        :param ids: the contracts to look at, all of them where it is None
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contract_id, COUNT(DISTINCT move_id) FROM (%s) invoice
                 WHERE is_overdue AND (%s::int[] IS NULL OR contract_id = ANY(%s))
                 GROUP BY contract_id
                """,
                self._open_invoices_sql(self.env.company._get_local_date()),
                ids,
                ids or [],
            )
        )
        return dict(rows)
