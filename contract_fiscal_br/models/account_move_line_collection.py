from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """A line that a bank's event posted: it was paid on the day the payer paid."""

    _inherit = "account.move.line"

    collection_event_id = fields.Many2one(
        "collection.event",
        string="Told by the Bank",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_collection_receivable = fields.Boolean(
        readonly=True, copy=False, help="What the bank's event settles of the customer."
    )
    is_collection_concession = fields.Boolean(
        readonly=True, copy=False, help="Settled without money, as a discount is."
    )

    def _get_payment_date(self):
        """Return the day the payer paid, not that of the bank's credit.

        What was granted was never owed: it counts from the due date, so that it bears
        neither fine nor interest.
        """
        event = self.collection_event_id
        if not event or self.move_type != "entry":
            return super()._get_payment_date()
        if self.is_collection_concession and event.title_id:
            return min(event._get_day(), event.move_id.invoice_date_due)
        return event._get_day()

    def _is_payment_of_customer(self):
        return super()._is_payment_of_customer() and not self.is_collection_concession

    @api.model
    def _get_overpayments(self, partners):
        """Return what customers paid the bank too much and nothing has used.

        Other open credits are left alone: a payment that somebody registered by hand
        may be meant for another invoice.
        """
        if not partners:
            return self.browse()
        found = self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("collection_event_id", "!=", False),
                ("collection_event_id.is_credit_kept", "=", False),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
            ],
            order="date, id",
        )
        # a refund on its way holds its credit
        return found - found._get_refunded()
