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
            context = {**self.env.context, **NO_MESSAGES}
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
            before = contract._get_monthly_amount(day)
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
                "monthly_after": contract._get_monthly_amount(day),
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
        """Return a preview in words."""
        self.ensure_one()

        def money(amount):
            return format_amount(self.env, amount, self.currency_id)

        words = [
            self.env._(
                "Monthly amount: %(before)s → %(after)s",
                before=money(preview["monthly_before"]),
                after=money(preview["monthly_after"]),
            )
        ]
        if preview["credit_amount"]:
            words.append(
                self.env._(
                    "Credit for days billed: %(amount)s",
                    amount=money(preview["credit_amount"]),
                )
            )
        if preview["prorata_amount"]:
            words.append(
                self.env._(
                    "Proportional charge: %(amount)s",
                    amount=money(preview["prorata_amount"]),
                )
            )
        if preview["fee_amount"]:
            words.append(
                self.env._(
                    "Charged once: %(amount)s", amount=money(preview["fee_amount"])
                )
            )
        words.append(
            self.env._(
                "Next invoice, due on %(date)s: %(amount)s",
                date=format_date(self.env, preview["next_due_date"]),
                amount=money(preview["next_amount"]),
            )
        )
        words += [
            f"  {label}: {money(amount)}" for label, amount, _why in preview["rows"]
        ]
        return "\n".join(words)
