from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import NOTICED_STATES
from ..permission import check_permission
from .contract_notice import CHANNELS

SEND_GROUP = "contract_recurring.group_notice_send"
# Notices that are still to leave.
UNSENT_STATES = ("waiting", "pending", "sending")


class ContractInvoiceSending(models.Model):
    """Sends many invoices to their customers (*envio de faturas em massa*).

    What it will do is said beforehand by the code that then does it.
    """

    _name = "contract.invoice.sending"
    _description = "Sending of Invoices"
    _inherit = "contract.run.mixin"
    _order = "id desc"

    _channel = "root.notice"
    _step_groups = {"start": SEND_GROUP, "cancel": SEND_GROUP}
    _item_action = "contract_recurring.contract_invoice_sending_item_action"

    template_id = fields.Many2one(
        "contract.notice.template",
        string="Text",
        required=True,
        domain="[('kind', 'in', ('invoice', 'reminder')), "
        "('company_id', 'in', (company_id, False))]",
        default=lambda self: self._get_default_template(),
    )
    channel = fields.Selection(
        CHANNELS,
        required=True,
        default=lambda self: self.env.company.contract_invoice_channel,
        help="Tried first; customers without address there get it another way.",
    )
    item_ids = fields.One2many("contract.invoice.sending.item", "sending_id")
    amount = fields.Monetary(string="Amount Due", compute="_compute_preview")
    email_count = fields.Integer(string="By E-mail", compute="_compute_preview")
    whatsapp_count = fields.Integer(string="By WhatsApp", compute="_compute_preview")
    sms_count = fields.Integer(string="By SMS", compute="_compute_preview")
    no_contact_count = fields.Integer(
        string="Without Contact", compute="_compute_preview"
    )
    left_out_count = fields.Integer(string="Left Out", compute="_compute_preview")
    sent_count = fields.Integer(string="Sent", compute="_compute_sent")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_sent")
    unsent_count = fields.Integer(string="Not Sent", compute="_compute_sent")
    sent_percent = fields.Float(string="Sent (%)", compute="_compute_sent")

    @api.model
    def _get_default_template(self):
        return self.env["contract.notice.template"].search(
            [
                ("kind", "=", "invoice"),
                ("company_id", "in", (self.env.company.id, False)),
            ],
            order="company_id, sequence, id",
            limit=1,
        )

    # === COMPUTES ===

    @api.depends("item_ids.planned_channel", "item_ids.state", "item_ids.amount")
    def _compute_preview(self):
        channels = self._count_items("planned_channel")
        states = self._count_items("state")
        sums = self._sum_items(["amount"])
        for sending in self:
            count = channels[sending.id]
            sending.amount = sums[sending.id]["amount"]
            sending.email_count = count["email"]
            sending.whatsapp_count = count["whatsapp"]
            sending.sms_count = count["sms"]
            sending.left_out_count = states[sending.id]["left_out"]
            sending.no_contact_count = count[False] - sending.left_out_count

    @api.depends("item_ids.notice_id.state")
    def _compute_sent(self):
        counts = self._count_items("notice_state")
        for sending in self:
            count = counts[sending.id]
            sending.sent_count = sum(count[state] for state in NOTICED_STATES)
            sending.unsent_count = sum(
                count[state] for state in ("failed", "uncertain", "skipped")
            )
            finished = sending.sent_count + sending.unsent_count
            sending.waiting_count = count["waiting"]
            total = finished + sum(count[state] for state in UNSENT_STATES)
            total += count[False]
            total -= sending.left_out_count + sending.failed_count
            sending.sent_percent = 100 * finished / total if total > 0 else 0.0

    # === CHOICE ===

    @api.model
    def _create_for(self, moves):
        """Return a sending of these invoices, not yet started.

        :raise UserError: none of them can be sent
        """
        check_permission(self.env, SEND_GROUP)
        moves.check_access("read")
        companies = moves.company_id
        if len(companies) > 1:
            raise UserError(
                self.env._("Choose invoices of one company only; these are of several.")
            )
        sending = self.create({"company_id": (companies or self.env.company).id})
        sending._add(moves)
        return sending

    def _add(self, moves):
        """Add invoices, each once, with what would happen to it."""
        self.ensure_one()
        items = self._get_item_model().sudo()
        moves -= self.sudo().item_ids.move_id
        items.create([items._prepare_item(self, move) for move in moves.sudo()])

    def action_add_overdue(self):
        """Add all open invoices of contracts that are overdue (S000-12)."""
        self._check_step("start", ("draft",))
        for sending in self:
            moves = self.env["account.move"].search(
                [
                    ("company_id", "=", sending.company_id.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                    ("invoice_date_due", "<", fields.Date.context_today(self)),
                    ("contract_charge_ids", "!=", False),
                ]
            )
            sending._add(moves)

    def write(self, vals):
        result = super().write(vals)
        if {"channel", "template_id"} & vals.keys():
            for sending in self.filtered(lambda s: s.state == "draft").sudo():
                sending.item_ids._plan()
        return result

    # === STEPS ===

    def action_send(self):
        """Send in the background, in batches."""
        self._check_step("start", ("draft",))
        for sending in self.sudo():
            pending = sending._get_items("pending")
            if not pending:
                raise UserError(
                    self.env._("There is no invoice to send. Choose some first.")
                )
            sending._start(pending)

    def action_cancel(self):
        """Stop what is not yet prepared or sent; what was sent stays sent."""
        self._check_step("cancel", ("draft", "running"))
        self.sudo().state = "cancelled"
        for sending in self.sudo():
            # what billing prepared and this sending merely took goes on
            prefix = sending._get_key_prefix()
            own = sending._get_notices("waiting", "pending").filtered(
                lambda notice, prefix=prefix: notice.key.startswith(prefix)
            )
            own.try_lock_for_update().write(
                {
                    "state": "skipped",
                    "error": self.env._("Cancelled before it was sent."),
                }
            )

    def _get_key_prefix(self):
        """Return what the keys of the notices begin with that it makes itself."""
        self.ensure_one()
        return f"sending/{self.id}/"

    def _get_notices(self, *states):
        """Return the notices in one of the states."""
        return self.env["contract.notice"].search(
            [("id", "in", self.item_ids.notice_id.ids), ("state", "in", states)]
        )

    def _finish(self):
        """Close the sendings whose notices have left; the cron closes the others."""
        waiting = self.filtered(lambda s: s.sudo()._get_notices(*UNSENT_STATES))
        return super(ContractInvoiceSending, self - waiting)._finish()

    def action_view_notices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_notice_action"
        )
        action["domain"] = [("id", "in", self.item_ids.notice_id.ids)]
        action["context"] = {}
        return action
