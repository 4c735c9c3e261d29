from odoo import api, fields, models

from .contract_notice import CHANNELS
from .contract_notice_waiting import WAIT_REASONS


class ContractInvoiceSendingItem(models.Model):
    """One invoice to send: how, or why not."""

    _name = "contract.invoice.sending.item"
    _description = "Invoice to Send"
    _inherit = "contract.run.item.mixin"
    _order = "id"
    _rec_name = "move_id"

    _listed_states = ("left_out",)

    sending_id = fields.Many2one(
        "contract.invoice.sending", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="sending_id.company_id", store=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, ondelete="cascade"
    )
    contract_id = fields.Many2one("contract.contract", readonly=True)
    partner_id = fields.Many2one(related="move_id.partner_id", string="Customer")
    due_date = fields.Date(related="move_id.invoice_date_due", string="Due Date")
    amount = fields.Monetary(string="Amount Due", readonly=True)
    state = fields.Selection(
        selection_add=[("left_out", "Left out")], ondelete={"left_out": "cascade"}
    )
    planned_channel = fields.Selection(CHANNELS, readonly=True)
    recipient = fields.Char(readonly=True)
    notice_id = fields.Many2one("contract.notice", readonly=True)
    notice_state = fields.Selection(
        related="notice_id.state", string="Notice State", store=True
    )

    wait_reason = fields.Selection(
        WAIT_REASONS, string="Waits For", compute="_compute_wait_reason"
    )

    _once = models.UniqueIndex(
        "(sending_id, move_id)", "An invoice is sent once in a sending."
    )

    @api.depends("move_id", "state", "notice_id.wait_reason")
    def _compute_wait_reason(self):
        """Say beforehand what will wait, and what a notice waits for."""
        planned = self.filtered(lambda i: i.state == "pending" and i.planned_channel)
        waits = planned.move_id.sudo()._get_payment_slip_waits()
        for item in self:
            told = item.notice_id.wait_reason
            item.wait_reason = told or (item in planned and waits.get(item.move_id))

    @api.model
    def _prepare_item(self, sending, move):
        """Return the values of an invoice: how it would be sent, or why not."""
        contract = move.contract_charge_ids.contract_id[:1]
        obstacle = move._get_sending_obstacle()
        vals = {
            "sending_id": sending.id,
            "move_id": move.id,
            "contract_id": contract.id,
            "amount": move.amount_residual,
        }
        if obstacle:
            return vals | {"state": "left_out", "message": obstacle}
        return vals | self._prepare_plan(sending, contract)

    @api.model
    def _prepare_plan(self, sending, contract):
        """Return what the notice would be, from the code that makes it."""
        notices = self.env["contract.notice"].with_company(sending.company_id)
        partner = contract.invoice_partner_id or contract.partner_id
        plan = notices._plan_channel(sending.channel, partner, sending.template_id)
        is_reached = plan.get("state") != "skipped"
        return {
            "planned_channel": is_reached and plan["channel"],
            "recipient": plan.get("recipient"),
            "message": plan.get("error"),
        }

    def _plan(self):
        for item in self.filtered(lambda item: item.state == "pending"):
            item.write(self._prepare_plan(item.sending_id, item.contract_id))

    def _work(self):
        """Prepare the notices of invoices and hand them to the channels.

        What waits already to bring an invoice is taken, not made twice.
        """
        for item in self:
            obstacle = item.move_id._get_sending_obstacle()
            if obstacle:
                item.write({"state": "left_out", "message": obstacle})
        due = self.filtered(lambda item: item.state == "pending")
        keys = self.env["contract.notice"]._get_waiting_keys(
            self.sending_id.template_id.kind, due.move_id
        )
        notices = self.env["contract.notice"]._prepare_notices(
            [
                item._prepare_request(keys.get(item.move_id, item._get_key()))
                for item in due
            ]
        )
        for item, notice in zip(due, notices, strict=True):
            item.write({"state": "done", "notice_id": notice.id})
        notices._queue()

    def _get_key(self):
        return f"{self.sending_id._get_key_prefix()}{self.move_id.id}"

    def _prepare_request(self, key):
        sending = self.sending_id
        return {
            "contract_id": self.contract_id.id,
            "move_ids": self.move_id.ids,
            "kind": sending.template_id.kind,
            "template_id": sending.template_id.id,
            "channel": sending.channel,
            "key": key,
        }
