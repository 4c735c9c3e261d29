from odoo import fields, models


class AccountMove(models.Model):
    """An invoice whose boleto is a slip of a booklet."""

    _inherit = "account.move"

    payment_booklet_id = fields.Many2one(
        "payment.booklet",
        string="Booklet",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
