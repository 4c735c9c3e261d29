from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..tools.billing_calendar import ONE_DAY


class ContractSuspend(models.TransientModel):
    """Asks from when to when a contract rests, and says what that costs."""

    _name = "contract.suspend"
    _inherit = "contract.change.wizard"
    _description = "Suspend a Contract"

    date = fields.Date(string="First Day Without Service", help=None)
    date_until = fields.Date(
        string="Last Day Without Service",
        help="Empty: as long as the company allows.",
    )

    @api.depends("date_until")
    def _compute_preview(self):
        return super()._compute_preview()

    def _describe_more(self):
        """Return when service is back, and what all days without it cost."""
        contract = self.contract_id._origin
        until = self._get_date_until()
        lines = [
            self.env._(
                "Service again on %(date)s",
                date=format_date(self.env, until + ONE_DAY),
            )
        ]
        _credit, fee = contract._preview_suspension(self.date, until)
        if fee:
            lines.append(
                self.env._(
                    "Fee for the days without service: %(amount)s",
                    amount=format_amount(self.env, fee, contract.currency_id),
                )
            )
        return lines

    def _get_date_until(self):
        contract = self.contract_id
        return self.date_until or contract._get_longest_suspension(self.date)

    def _apply(self, contract):
        contract._suspend(self.date, self._get_date_until(), self.reason)
