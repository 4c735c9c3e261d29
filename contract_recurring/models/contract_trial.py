from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class ContractContract(models.Model):
    """The trial of a contract: free of charge, then converted or cancelled."""

    _inherit = "contract.contract"

    trial_end_date = fields.Date(
        string="Trial Until",
        compute="_compute_trial_end_date",
        store=True,
        help="Last day free of charge.",
    )
    is_trial_converted = fields.Boolean(readonly=True, copy=False)

    @api.depends("date_start", "trial_days")
    def _compute_trial_end_date(self):
        for contract in self:
            contract.trial_end_date = (
                contract.date_start + timedelta(days=contract.trial_days - 1)
                if contract.date_start and contract.trial_days
                else False
            )

    # === ACTIONS ===

    def action_cancel_trial(self):
        """Cancel within the trial: nothing is owed."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for contract in self:
            contract._cancel_trial(today)

    # === BUSINESS ===

    def _get_first_charged_day(self, activation):
        """Return the first day that is charged for: after the trial, if any."""
        self.ensure_one()
        return activation + timedelta(days=self.trial_days)

    def _is_in_trial(self, day):
        self.ensure_one()
        return bool(
            self.lifecycle_state == "active"
            and self.trial_end_date
            and self.date_start <= day <= self.trial_end_date
        )

    def _is_trial_unpaid(self):
        """Return whether the contract has a trial that did not become paid."""
        self.ensure_one()
        return bool(self.trial_days) and not self.is_trial_converted

    def _cancel_trial(self, day, reason=None):
        """Close the contract on a day of its trial; what was to be charged is not.

        :raise UserError: the trial is over, or there is none
        """
        self.ensure_one()
        if not self._is_in_trial(day):
            raise UserError(
                self.env._(
                    "%(contract)s is not in its trial on %(day)s. Cancel it as any "
                    "other contract.",
                    contract=self.display_name,
                    day=format_date(self.env, day),
                )
            )
        self.sudo().charge_ids.filtered(
            lambda charge: charge.state == "pending"
        ).action_cancel()
        lines = self.contract_line_ids.filtered(lambda line: not line.is_canceled)
        # first the state: its event tells the revenue the lines still bring
        self._change_state("closed", day, reason or self.env._("Cancelled in trial"))
        self._end_lines(lines, day)

    @api.model
    def _cron_convert_trials(self):
        """Write the conversion of each contract that went on after its trial."""
        trials = self._read_group(
            Domain("lifecycle_state", "=", "active")
            & Domain("trial_end_date", "!=", False)
            & Domain("is_trial_converted", "=", False),
            ["company_id"],
            ["id:recordset"],
        )
        for company, contracts in trials:
            day = company._get_local_date()
            over = contracts.filtered(lambda c, day=day: c.trial_end_date < day)
            for end, ended in over.grouped("trial_end_date").items():
                ended._convert_trial(end + timedelta(days=1))

    def _convert_trial(self, day):
        """Record that the contracts are paid for from a day on."""
        self.is_trial_converted = True
        events = self.env["contract.event"]
        for contract in self:
            events._record(
                contract,
                "trial",
                effective_date=day,
            )
