from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ContractContract(models.Model):
    """Bonus period (*conceder bônus*): days in which nobody blocks the contract."""

    _inherit = "contract.contract"

    block_exempt_until = fields.Date(
        string="Not Blocked Until",
        readonly=True,
        copy=False,
        help="Last day of the bonus period: until then the contract is not blocked "
        "for what is overdue.",
    )

    def _grant_bonus(self, until, today, reason=None):
        """Keep the contract from being blocked until a day, that day included."""
        self.ensure_one()
        self._lock_for_change()
        self._check_active()
        last_day = today + timedelta(days=self.company_id.contract_bonus_max_days)
        if not today <= until <= last_day:
            raise UserError(
                self.env._(
                    "A bonus period ends between today and %(last_day)s. Longer ones "
                    "need another limit in the settings.",
                    last_day=format_date(self.env, last_day),
                )
            )
        before = self.block_exempt_until
        self.block_exempt_until = until
        self.env["contract.event"]._record(
            self,
            "bonus",
            effective_date=today,
            from_state=format_date(self.env, before) if before else False,
            to_state=format_date(self.env, until),
            reason=reason,
        )
