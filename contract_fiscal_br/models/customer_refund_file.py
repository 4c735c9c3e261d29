from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.contract_recurring.permission import check_permission
from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

from ..tools.payment_writer import write_payments
from .customer_refund import APPROVE_GROUP


class CustomerRefundFile(models.Model):
    """A file of payments to customers, kept byte by byte."""

    _name = "customer.refund.file"
    _description = "File of Refunds"
    _inherit = ["bank.file.mixin", "mail.thread"]
    _order = "id desc"

    name = fields.Char(readonly=True, required=True)
    account_id = fields.Many2one(
        "collection.account", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(
        string="File Number", readonly=True, help="Never used again."
    )
    filename = fields.Char(string="File Name", readonly=True)
    content = fields.Binary(
        string="File", readonly=True, copy=False, groups=APPROVE_GROUP
    )
    refund_ids = fields.One2many("customer.refund", "file_id", readonly=True)
    refund_count = fields.Integer(string="Refunds", readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        [("generated", "Written"), ("cancelled", "Void")],
        default="generated",
        required=True,
        readonly=True,
        tracking=True,
    )

    _number_unique = models.UniqueIndex(
        "(account_id, number)", "This file number is used already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A file of refunds is never deleted: the bank may have it.")
        )

    # === ACTIONS ===

    def action_download(self):
        """Hand out the file: the same bytes each time."""
        self.ensure_one()
        self._check_approver()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/customer.refund.file/{self.id}/content"
            f"/{self.filename}?download=true",
            "target": "download",
        }

    def action_cancel(self):
        """Undo a file that was not uploaded: its refunds wait for another one."""
        self._check_approver()
        self.check_access("read")
        files = self.sudo()
        files.lock_for_update(allow_referencing=True)
        refunds = files.refund_ids
        if any(file.state != "generated" for file in files) or any(
            refund.state != "sent" or refund.message for refund in refunds
        ):
            raise UserError(
                self.env._("The bank has answered to this file: it is not undone.")
            )
        refunds.write({"state": "approved", "file_id": False})
        files.state = "cancelled"

    @api.model
    def _check_approver(self):
        check_permission(self.env, APPROVE_GROUP)

    def _get_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.customer_refund_file_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)]}

    # === BUSINESS ===

    @api.model
    def _generate(self, account, refunds):
        """Return the file of approved refunds of one account."""
        number = account._take_number("next_refund_file_number")
        refunds._check_favoured()
        for refund in refunds:
            refund._check_payable()
        now = account.company_id._get_local_time(fields.Datetime.now())
        content = self._compose(account, refunds, number, now)
        file = self.create(
            {
                "name": f"{account.name} {number:06}",
                "account_id": account.id,
                "number": number,
                "filename": f"PG{account.bank}{now:%d%m%y}_{number:06}.REM",
                "refund_count": len(refunds),
                "amount": sum(refunds.mapped("amount")),
            }
        )
        file._keep_content(content)
        refunds.write({"state": "sent", "file_id": file.id, "message": False})
        return file

    @api.model
    def _compose(self, account, refunds, number, now):
        """Return the bytes of the file; they are paid on the next bank day.

        :param datetime now: on the company's clock
        :raise UserError: a value that does not fit
        """
        day = next_bank_day(now.date())
        orders = [refund._prepare_order(day) for refund in refunds]
        try:
            return write_payments(account._get_payment_sender(), orders, number, now)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "“%(field)s” does not fit the file of the bank. Correct the "
                    "account, the customer or the Pix key.",
                    field=error,
                )
            ) from error
