from contextlib import contextmanager

from odoo import api, models
from odoo.tools import format_amount, format_date

NO_MESSAGES = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class ContractContract(models.Model):
    """What a change will cost: it is done for a trial, read off, and undone.

    So a preview cannot say anything else than what will be done.
    """

    _inherit = "contract.contract"

    @contextmanager
    def _trial(self):
        """Yield the contract in an environment whose writes are undone at the end.

        It has a cache of its own: the form that asks for a preview keeps its
        values, and nothing of the trial stays in memory.
        """
        cr = self.env.cr
        self.env.flush_all()
        transaction, cr.transaction = cr.transaction, None
        savepoint = cr.savepoint(flush=False)
        try:
            context = {**self.env.context, **NO_MESSAGES, "is_trial": True}
            env = api.Environment(cr, self.env.uid, context, self.env.su)
            yield self.with_env(env)
        finally:
            savepoint.close(rollback=True)
            cr.transaction = transaction

    def _preview_change(self, apply, day, today):
        """Return what a change would cost.

        :param apply: function that does the change to the contract it is given
        :param day: day from which on it holds
        :return: monthly_before, monthly_after, next_due_date, next_amount,
            credit_amount, prorata_amount, fee_amount and rows: (label, amount,
            explanation) of the next invoice
        :raise UserError: the change is refused
        """
        self.ensure_one()
        with self._trial() as contract:
            before = contract._get_amount_on(day)
            known = contract.charge_ids
            apply(contract)
            contract.env.flush_all()
            contract.invalidate_recordset()
            entered = contract.charge_ids - known
            due_date = contract._get_next_due_date(today)
            charges = contract.sudo()._enter_due_charges(today, due_date)
            charges = charges.filtered(lambda charge: charge.due_date <= due_date)
            return {
                "monthly_before": before,
                "monthly_after": contract._get_amount_on(day),
                "next_due_date": due_date,
                "next_amount": sum(charges.mapped("amount")),
                "credit_amount": -entered._sum_of("credit", "exemption"),
                "prorata_amount": (charges | entered)._sum_of("prorata"),
                "fee_amount": entered._sum_of("one_off", "penalty"),
                "rows": [
                    (charge.label, charge.amount, charge.explanation_text)
                    for charge in charges.sorted("period_start")
                ],
            }

    def _get_amount_on(self, day):
        """Return what a month costs by the lines of a day.

        Nothing while suspended or cancelled, but for a suspension's fee;
        `_get_monthly_amount` looks on to the return then.
        """
        self.ensure_one()
        lines = self.contract_line_ids.filtered(
            lambda line: (
                line._is_billable()
                and (not line.date_start or line.date_start <= day)
                and (not line.date_end or line.date_end >= day)
            )
        )
        return sum(lines.mapped("monthly_recurring"))

    def _get_next_due_date(self, day):
        """Return when the next invoice is due, from a day on."""
        self.ensure_one()
        due_dates = [
            line.recurring_next_date
            if line.recurring_next_date >= day
            else line._get_due_date_after(day)
            for line in self.contract_line_ids
            if line._is_billable() and line.recurring_next_date
        ]
        due_dates += [
            charge.due_date
            for charge in self.charge_ids
            if charge.state == "pending" and charge.due_date >= day
        ]
        return min(due_dates, default=day)

    def _describe_preview(self, preview):
        """Return a preview in words, a line for each thing it says."""
        self.ensure_one()
        lines = (*self._describe_amounts(preview), *self._describe_next(preview))
        return "\n".join(lines)

    def _describe_amounts(self, preview):
        """Return what changes a month, and what is given back or charged once."""
        once = (
            (self.env._("Credit for days billed"), preview["credit_amount"]),
            (self.env._("Proportional charge"), preview["prorata_amount"]),
            (self.env._("Charged once"), preview["fee_amount"]),
        )
        monthly = self.env._(
            "Monthly amount: %(before)s → %(after)s",
            before=self._format_money(preview["monthly_before"]),
            after=self._format_money(preview["monthly_after"]),
        )
        return [monthly] + [
            f"{label}: {self._format_money(amount)}" for label, amount in once if amount
        ]

    def _describe_next(self, preview):
        """Return the next invoice: due date, total, and what it charges."""
        if not preview["rows"]:
            return [self.env._("No invoice follows.")]
        total = self.env._(
            "Next invoice, due on %(date)s: %(amount)s",
            date=format_date(self.env, preview["next_due_date"]),
            amount=self._format_money(preview["next_amount"]),
        )
        return [total] + [
            f"  {label}: {self._format_money(amount)}"
            for label, amount, _why in preview["rows"]
        ]

    def _format_money(self, amount):
        return format_amount(self.env, amount, self.currency_id)
