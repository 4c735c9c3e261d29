import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.contract_recurring.permission import check_permission

from ..tools.cnab_error import CnabError
from ..tools.payment_reader import read_payments
from .customer_refund import APPROVE_GROUP


class CustomerRefundReturn(models.Model):
    """What a bank answered to a file of payments; each file counts once."""

    _name = "customer.refund.return"
    _description = "Return of Refunds"
    _order = "id desc"

    name = fields.Char(string="File Name", required=True)
    account_id = fields.Many2one(
        "collection.account",
        required=True,
        index=True,
        domain="[('is_refund_account', '=', True)]",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    content = fields.Binary(string="File", required=True, copy=False)
    sha256 = fields.Char(readonly=True, copy=False)
    paid_ids = fields.Many2many(
        "customer.refund", "customer_refund_return_paid_rel", readonly=True
    )
    refused_ids = fields.Many2many(
        "customer.refund", "customer_refund_return_refused_rel", readonly=True
    )
    noted_count = fields.Integer(string="Only Noted", readonly=True)
    unknown = fields.Text(
        string="Not Ours",
        readonly=True,
        help="Payments of the file that belong to no refund.",
    )

    _sha256_unique = models.UniqueIndex(
        "(account_id, sha256)", "This file was imported already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Read each file and follow it, all of it or nothing."""
        check_permission(self.env, APPROVE_GROUP)
        return super().create([self._prepare_import(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A file of the bank is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A file of the bank is never deleted."))

    @api.model
    def _prepare_import(self, vals):
        """Follow a file and return the values of its record."""
        data = base64.b64decode(vals["content"] or b"")
        account = self.env["collection.account"].browse(vals["account_id"])
        digest = hashlib.sha256(data).hexdigest()
        known = self.search([("account_id", "=", account.id), ("sha256", "=", digest)])
        if known:
            raise UserError(
                self.env._(
                    "This file was imported already, as “%(name)s”.", name=known.name
                )
            )
        answers = self._read(account, data)
        told = self.env["customer.refund"].sudo()._take_answers(account, answers)
        return {
            "name": vals.get("name") or digest[:12],
            "account_id": account.id,
            "content": vals["content"],
            "sha256": digest,
            "paid_ids": [Command.set(told["paid"].ids)],
            "refused_ids": [Command.set(told["refused"].ids)],
            "noted_count": len(told["noted"]),
            "unknown": "\n".join(told["unknown"]),
        }

    @api.model
    def _read(self, account, data):
        try:
            return read_payments(data, account.bank, account.account_number)
        except CnabError as error:
            words = self.env[f"collection.bank.{account.bank}"]
            if error.key == "payment_reference":
                raise UserError(
                    self.env._(
                        "Line %(line)s: the payment's number and amount do not belong "
                        "together. The file is damaged. Download it again.",
                        line=error.line,
                    )
                ) from error
            raise UserError(words._explain_cnab_error(error)) from error
