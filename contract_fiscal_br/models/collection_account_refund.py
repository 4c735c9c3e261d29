from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.payer import clean_document
from ..tools.payment_writer import BANKS, PaymentSender


class CollectionAccount(models.Model):
    """An account from which customers get money back."""

    _inherit = "collection.account"

    is_refund_account = fields.Boolean(
        string="Pays Refunds",
        help="Customers' credits can be paid back from it by file.",
    )
    refund_agreement = fields.Char(
        string="Agreement of Payments",
        help="Code of the payment service (convênio de pagamentos), which is not that "
        "of collection.",
    )
    next_refund_file_number = fields.Integer(
        string="Next File of Refunds", default=1, copy=False
    )

    _next_refund_file_number_positive = models.Constraint(
        "CHECK (next_refund_file_number > 0)",
        "The number of the next file is 1 or more.",
    )

    @api.constrains("is_refund_account", "bank", "agency", "account_number")
    def _check_refund_account(self):
        for account in self.filtered("is_refund_account"):
            if account.bank not in BANKS:
                raise ValidationError(
                    self.env._(
                        "%(account)s: refunds by file are known for the banks "
                        "%(banks)s.",
                        account=account.name,
                        banks=", ".join(sorted(BANKS)),
                    )
                )
            if not (account.agency and account.account_number):
                raise ValidationError(
                    self.env._(
                        "%(account)s: enter branch and account to pay refunds.",
                        account=account.name,
                    )
                )

    def write(self, vals):
        number = vals.get("next_refund_file_number")
        for account in self if number else ():
            if self.env["customer.refund.file"].search_count(
                [("account_id", "=", account.id), ("number", ">=", number)], limit=1
            ):
                raise UserError(
                    self.env._(
                        "%(account)s has files from number %(number)s on. Choose a "
                        "greater one.",
                        account=account.name,
                        number=number,
                    )
                )
        return super().write(vals)

    def _get_payment_sender(self):
        self.ensure_one()
        return PaymentSender(
            bank=self.bank,
            name=self.company_id.name,
            vat=clean_document(self.company_id.vat or ""),
            agreement=self.refund_agreement or "",
            agency=self.agency,
            agency_digit=self.agency_digit or "",
            account=self.account_number,
            account_digit=self.account_digit or "",
        )
