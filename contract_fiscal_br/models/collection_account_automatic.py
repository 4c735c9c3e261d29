from odoo import fields, models


class CollectionAccount(models.Model):
    """An account that collects by Pix Automático."""

    _inherit = "collection.account"

    pix_account_type = fields.Selection(
        [
            ("CORRENTE", "Current account"),
            ("POUPANCA", "Savings account"),
            ("PAGAMENTO", "Payment account"),
        ],
        string="Kind of Account",
        default="CORRENTE",
    )
    # what collects an invoice instead, wherever a debit or Pix Automático fails
    debit_fallback_mode_id = fields.Many2one(
        domain="[('collection_account_id.backend', 'in', "
        "('cnab_file', 'bank_api', 'pix_api'))]"
    )

    def _get_automatic_mode(self):
        """Return the payment mode of this account."""
        self.ensure_one()
        return self.env["account.payment.mode"].search(
            [("collection_account_id", "=", self.id)], limit=1
        )

    def _follow_mandates(self, numbers):
        """Ask the bank about recurrences it reported."""
        self.ensure_one()
        mandates = self.env["pix.mandate"].sudo()
        mandates.search(
            [("account_id", "=", self.id), ("recurrence_number", "in", numbers)]
        )._queue_call("ask")

    def _ask_about_agreements(self):
        """Ask about recurrences whose first charge was paid: that is the agreement."""
        self.ensure_one()
        paid = (
            self.env["collection.title"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("is_immediate", "=", True),
                    ("state", "=", "paid"),
                    ("pix_mandate_id.state", "=", "created"),
                ]
            )
        )
        paid.pix_mandate_id._queue_call("ask")

    def _fall_back_from_pix(self):
        """Let something else collect the open invoices whose charge ended unpaid."""
        self.ensure_one()
        ended = (
            self.env["collection.title"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("pix_mandate_id", "!=", False),
                    ("state", "in", ("rejected", "written_off")),
                    ("move_id.payment_state", "in", ("not_paid", "partial")),
                    ("move_id.payment_mode_id.collection_account_id", "=", self.id),
                ]
            )
        )
        for title in ended.sorted("id"):
            title.move_id._fall_back_from_pix(title)

    def _queue_asking(self):
        """Ask about live recurrences too: their reports may be missed."""
        result = super()._queue_asking()
        if self.backend == "pix_automatic":
            self.env["pix.mandate"].sudo().search(
                [
                    ("account_id", "=", self.id),
                    ("state", "in", ("created", "approved")),
                    ("recurrence_number", "!=", False),
                ]
            )._queue_daily_question()
        return result
