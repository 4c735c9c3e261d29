from odoo import models

from ..const import LATE_KINDS, PERIOD_KINDS, SALE_KINDS

# Charges that the choice keeps off the recurring invoice.
KINDS_APART = {
    "all": (),
    "periods_sales": LATE_KINDS,
    "periods_late": SALE_KINDS,
    "periods": (*LATE_KINDS, *SALE_KINDS),
}


class ContractCharge(models.Model):
    """Charges that get an invoice beside the recurring one."""

    _inherit = "contract.charge"

    def _is_billed_apart(self):
        """Return whether this stays off the recurring invoice; credits never do."""
        if super()._is_billed_apart():
            return True
        return (
            self.amount > 0
            and self.kind in KINDS_APART[self.contract_id.debit_kinds or "all"]
        )

    def _join_next_due_date(self, due_from):
        """Bill what is late by itself where only the current period is wanted."""
        self.filtered(
            lambda c: (
                c.due_date < due_from
                and c.contract_id.debit_period == "current"
                and (c.kind in PERIOD_KINDS or c.amount > 0)
            )
        ).sudo().is_apart = True
        return super()._join_next_due_date(due_from)
