from odoo import models


class AccountMove(models.Model):
    """The customer hears that an invoice could not be charged."""

    _inherit = "account.move"

    def _tell_failed_charge(self, key, reason):
        """Queue one notice; the same key tells it once.

        :param reason: in the words of the bank or the provider
        """
        self.ensure_one()
        contract = self.sudo().contract_charge_ids.contract_id[:1]
        if not contract:
            return
        notices = (
            self.env["contract.notice"]
            .sudo()
            ._prepare_notices(
                [
                    {
                        "contract_id": contract.id,
                        "move_ids": self.ids,
                        "kind": "charge_failed",
                        "channel": self.company_id.contract_invoice_channel,
                        "failure_reason": reason,
                        "key": f"charge_failed/{key}",
                    }
                ]
            )
        )
        notices._queue()
