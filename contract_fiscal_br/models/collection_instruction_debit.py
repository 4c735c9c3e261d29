from datetime import timedelta

from odoo import models
from odoo.fields import Domain


class CollectionInstruction(models.Model):
    """Debits go out shortly before their day, so that most are never taken back."""

    _inherit = "collection.instruction"

    def _get_waiting_domain(self, account, day):
        domain = super()._get_waiting_domain(account, day)
        if account.backend != "cnab_debit":
            return domain
        last = day + timedelta(days=account.debit_window_days)
        return Domain(domain) & (
            Domain("kind", "!=", "register") | Domain("title_id.debit_date", "<=", last)
        )
