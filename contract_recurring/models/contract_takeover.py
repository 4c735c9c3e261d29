from datetime import timedelta

from odoo import api, fields, models

ONE_DAY = timedelta(days=1)


class ContractContract(models.Model):
    """Contracts that another system had before, and charged for part of their time."""

    _inherit = "contract.contract"

    @api.model
    def _prepare_taken_over(self, values, activation, charged_until):
        """Return the values of a contract as in force since its activation.

        :param dict values: of `_prepare_from_plan`
        :param date charged_until: last day the other system charged, if any;
            the first period billed here begins on the day after
        """
        lines = [
            fields.Command.create(
                {
                    **line,
                    "date_start": activation,
                    "last_date_invoiced": charged_until or False,
                }
            )
            for _command, _id, line in values["contract_line_ids"]
        ]
        return {
            **values,
            "date_start": activation,
            "billing_origin": charged_until + ONE_DAY if charged_until else activation,
            "contract_line_ids": lines,
        }

    def _take_over(self):
        """Put those that were in force elsewhere in force here, with their events.

        No activation fee is charged: the other system did, and the steps in
        between were taken there.
        """
        in_force = self.filtered("billing_origin")
        for contract in in_force:
            contract._check_ready()
        in_force.sudo().lifecycle_state = "active"
        events = self.env["contract.event"].sudo()
        events.create(
            [
                values
                for contract in self
                for values in events._prepare(
                    contract,
                    "imported",
                    effective_date=contract.date_start,
                    from_state="draft",
                    to_state=contract.lifecycle_state,
                )
            ]
        )

    def _set_agreed_amount(self, monthly_amount):
        """Make a month cost what was agreed, even in a contract that has ended."""
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: line._is_billable())
        difference = monthly_amount - sum(lines.mapped("monthly_recurring"))
        if not self.currency_id.is_zero(difference):
            self._get_main_line(lines)._change_monthly_amount(difference)
