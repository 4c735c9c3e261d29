from odoo import fields, models

from ..tools.billing_calendar import ONE_DAY


class ResCompany(models.Model):
    """How a company tells its customers things."""

    _inherit = "res.company"

    contract_whatsapp_account_ids = fields.One2many(
        "contract.whatsapp.account", "company_id", string="WhatsApp Account"
    )
    is_contract_invoice_sent = fields.Boolean(
        string="Send Invoices of Contracts",
        help="Each invoice goes to the customer by itself when it is billed.",
    )
    contract_invoice_channel = fields.Selection(
        [("email", "E-mail"), ("whatsapp", "WhatsApp"), ("sms", "SMS")],
        string="Channel of Invoices",
        default="email",
        required=True,
        help="Tried first; customers without address there get it another way.",
    )
    contract_wait_days = fields.Integer(
        string="Sent at the Latest (Days)",
        default=5,
        help="Days before the due date on which an invoice is sent though the bank has "
        "not registered its boleto yet.",
    )

    _contract_wait_days = models.Constraint(
        "CHECK (contract_wait_days > 0)",
        "Invoices are sent one day before they are due at the latest. Enter 1 or more.",
    )

    def _get_last_day_to_wait(self, day, due_date):
        """Return the day on which an invoice is sent, payable or not.

        One that is billed later than that waits a day, for most banks answer within
        hours; none waits for its due date.

        :param date day: on which it could be sent for the first time
        """
        self.ensure_one()
        last_day = max(due_date - self.contract_wait_days * ONE_DAY, day + ONE_DAY)
        return last_day if last_day < due_date else day
