import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.billing_calendar import ONE_DAY

_logger = logging.getLogger(__name__)


class ContractSuspension(models.Model):
    """Days on which a contract rests, as its customer asked (S004-46).

    The days are the fact: lines end before them and others begin after them.
    The state here only says which events were written.
    """

    _name = "contract.suspension"
    _description = "Temporary Deactivation"
    _order = "date_from desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    date_from = fields.Date(
        string="Suspended From", required=True, help="First day without service."
    )
    date_until = fields.Date(
        string="Suspended Until", required=True, help="Last day without service."
    )
    reason = fields.Char()
    monthly_fee = fields.Monetary()
    currency_id = fields.Many2one(related="contract_id.currency_id")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "Suspended"),
            ("ended", "Ended"),
            ("cancelled", "Withdrawn"),
        ],
        default="planned",
        required=True,
    )
    line_ids = fields.Many2many(
        "contract.line", string="Lines Ended", help="What rests in the meantime."
    )
    return_line_ids = fields.One2many(
        "contract.line", "suspension_id", string="Lines of the Return"
    )
    fee_line_id = fields.Many2one("contract.line")

    _days_in_order = models.Constraint(
        "CHECK (date_until >= date_from)", "A suspension ends before it begins."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a contract cannot be deleted."))

    # === BUSINESS ===

    def _get_return_day(self):
        self.ensure_one()
        return self.date_until + ONE_DAY

    def _follow(self, day):
        """Write the events of a day; where one fails the others go on."""
        begun_or_over = self.filtered(
            lambda suspension: (
                suspension.date_from <= day
                if suspension.state == "planned"
                else suspension.date_until < day
            )
        )
        for suspension in begun_or_over:
            try:
                with self.env.cr.savepoint():
                    suspension._write_events(day)
            except UserError:
                _logger.exception("Suspension %s cannot be followed", suspension.id)

    def _write_events(self, today):
        """Let the contracts' states follow the days, each step with its event."""
        for suspension in self.sorted("date_from"):
            contract = suspension.contract_id
            if suspension.state == "planned" and suspension.date_from <= today:
                contract._change_state(
                    "suspended", suspension.date_from, suspension.reason
                )
                suspension.state = "running"
            if suspension.state == "running" and suspension.date_until < today:
                contract._change_state("active", suspension._get_return_day())
                suspension.state = "ended"

    def _end_with_contract(self, last_day):
        """Note that the contract ended before the suspension did."""
        for suspension in self:
            if suspension.date_from > last_day:
                suspension.state = "cancelled"
            else:
                until = min(suspension.date_until, last_day)
                suspension.write({"state": "ended", "date_until": until})

    def _begin_earlier(self, day):
        """Move the return to an earlier day.

        What was charged for the days after stays; lines for the days before
        it are then added, so that none is left out.
        """
        self.ensure_one()
        planned = self._get_return_day()
        for line in self.return_line_ids.filtered(lambda line: line._is_billable()):
            start = max(day, line._get_first_day())
            if line.date_start != planned or start >= planned:
                continue
            if line.last_date_invoiced:
                line.continues_id._continue(
                    start, date_end=planned - ONE_DAY, suspension_id=self.id
                )
            else:
                line.date_start = start
        short = self.line_ids.filtered(
            lambda line: line.planned_end and day <= line.planned_end < planned
        )
        short._continue(day, suspension_id=self.id)
