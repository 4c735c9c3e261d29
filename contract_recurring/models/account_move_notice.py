from odoo import fields, models


class AccountMove(models.Model):
    """An invoice as customers receive it."""

    _inherit = "account.move"

    contract_notice_ids = fields.Many2many(
        "contract.notice",
        "contract_notice_move_rel",
        "move_id",
        "notice_id",
        string="Notices",
        readonly=True,
        copy=False,
    )
    contract_notice_count = fields.Integer(compute="_compute_contract_notice_count")

    def _compute_contract_notice_count(self):
        counts = dict(
            self.env["contract.notice"]._read_group(
                [("move_ids", "in", self.ids)], ["move_ids"], ["__count"]
            )
        )
        for move in self:
            move.contract_notice_count = counts.get(move, 0)

    # === ACTIONS ===

    def action_view_contract_notices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_notice_action"
        )
        action["domain"] = [("move_ids", "in", self.ids)]
        action["context"] = {}
        return action

    def action_send_contract_invoices(self):
        """Propose to send these invoices to their customers."""
        sending = self.env["contract.invoice.sending"]._create_for(self)
        return sending.get_formview_action()

    # === BUSINESS ===

    def _get_sending_obstacle(self):
        """Return why an invoice is not sent, None where it can be."""
        self.ensure_one()
        if self.move_type != "out_invoice":
            return self.env._("Not an invoice to a customer")
        if not self.contract_charge_ids:
            return self.env._("Not of a contract")
        if self.state != "posted":
            return self.env._("Not confirmed")
        if self.payment_state not in ("not_paid", "partial"):
            return self.env._("Paid already")
        return None

    def _get_notice_documents(self):
        """Return the attachments that go out with an invoice: its PDF."""
        self.ensure_one()
        if self.invoice_pdf_report_id:
            return self.invoice_pdf_report_id
        return self.env["account.move.send"]._generate_and_send_invoices(
            self, sending_methods=[]
        )

    def _prepare_notice_documents(self):
        """Return name, bytes and kind of what goes out with an invoice: its PDF and
        how to pay it."""
        self.ensure_one()
        documents = [
            {"name": file.name, "raw": file.raw, "mimetype": file.mimetype}
            for file in self._get_notice_documents()
        ]
        return documents + self._get_payment_slip_files()

    # === BY ITSELF, AFTER BILLING ===

    def _queue_billed_notices(self):
        """Let a job send the invoices of companies that want it (S002-25)."""
        wanted = self.filtered("company_id.is_contract_invoice_sent")
        for company, moves in wanted.grouped("company_id").items():
            moves.with_company(company).with_delay(
                channel="root.notice",
                description=self.env._("Send %(count)s invoices", count=len(moves)),
            )._send_billed()

    def _send_billed(self):
        """Prepare and send the notices of invoices just billed; safe to repeat."""
        moves = self.exists().filtered(lambda move: not move._get_sending_obstacle())
        notices = self.env["contract.notice"]._prepare_notices(
            [move._prepare_billed_request() for move in moves]
        )
        notices._queue()

    def _prepare_billed_request(self):
        return {
            "contract_id": self.contract_charge_ids.contract_id[:1].id,
            "move_ids": self.ids,
            "kind": "invoice",
            "channel": self.company_id.contract_invoice_channel,
            "key": f"invoice/{self.id}",
        }
