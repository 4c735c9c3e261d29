from odoo import fields, models


class AccountPaymentMode(models.Model):
    """A way to pay may be a collection account (*carteira*, *portador*)."""

    _inherit = "account.payment.mode"

    collection_account_id = fields.Many2one(
        "collection.account",
        check_company=True,
        help="Invoices paid this way get a boleto of this account.",
    )
