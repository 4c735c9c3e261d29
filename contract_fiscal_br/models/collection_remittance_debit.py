from odoo import api, fields, models

from odoo.addons.contract_recurring.tools.bank_calendar import add_bank_days


class CollectionRemittance(models.Model):
    """A file of direct debit also tells the bank of authorisations."""

    _inherit = "collection.remittance"

    debit_message_ids = fields.One2many(
        "direct.debit.message",
        "remittance_id",
        readonly=True,
        groups="contract_recurring.group_contract_billing",
    )

    def _choose(self, day):
        """Move debits too near for the bank to the first day it can take them."""
        instructions, left_out = super()._choose(day)
        account = self.account_id
        if account.backend == "cnab_debit":
            first = add_bank_days(day, account.debit_lead_days)
            for title in instructions.filtered(lambda i: i.kind == "register").title_id:
                if title.debit_date < first:
                    title.debit_date = first
        return instructions, left_out

    def _keep(self, number, now, content, instructions, left_out):
        messages = self.account_id._get_debit_messages()
        result = super()._keep(number, now, content, instructions, left_out)
        messages._mark_sent(self)
        return result

    def _take_step(self, state, states):
        result = super()._take_step(state, states)
        if state in ("refused", "cancelled"):
            self.sudo().debit_message_ids._take_back()
        return result

    @api.model
    def _acknowledge(self, account, numbers):
        """Note that the bank has taken files (record J of a return)."""
        files = self.search(
            [
                ("account_id", "=", account.id),
                ("file_number", "in", list(numbers)),
                ("state", "in", ("generated", "sent")),
            ]
        )
        files.state = "acknowledged"
