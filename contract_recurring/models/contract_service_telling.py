from odoo import models


class ContractContract(models.Model):
    """The customer is told that the service was restricted, or is back."""

    _inherit = "contract.contract"

    def _tell_service_state(self):
        result = super()._tell_service_state()
        self._notify_service_state()
        return result

    def _notify_service_state(self):
        """Prepare and queue the notice of the last change, if one is due.

        Its key is the event's: a job that runs twice tells the customer once.
        """
        notices = self.env["contract.notice"]
        for contract in self.sudo():
            request = contract._prepare_service_notice()
            if request:
                notices |= notices._prepare_notices([request])
        notices._queue()
        return notices

    def _prepare_service_notice(self):
        """Return the request of the notice of the last change of service, or None.

        Only what an overdue invoice restricted is told: whoever restricts by
        hand has a reason of his own to tell.
        """
        self.ensure_one()
        channel = self.company_id.contract_service_notice_channel
        events = self.event_ids.filtered(lambda event: event.kind == "service_state")
        recent = events.sorted("id")[-2:]
        kind = self._get_service_notice_kind(recent[-1:], recent[:-1])
        if not (channel and kind):
            return None
        day = self.company_id._get_local_date()
        return {
            "contract_id": self.id,
            "move_ids": self._get_open_overdue_invoices(day).ids,
            "kind": kind,
            "template_id": False,
            "channel": channel,
            "key": f"service_state-{recent[-1:].id}",
            "day": day,
        }

    def _get_service_notice_kind(self, last, before):
        """Return what a change of service is told as, or None."""
        if last.service_reason == "overdue":
            return "restricted"
        if before.service_reason == "overdue" and last.to_state == "full":
            return "restored"
        return None
