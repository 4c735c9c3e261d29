from odoo import api, fields, models
from odoo.fields import Command

BOOKLET = ("booklet", "Booklet")


class ContractNotice(models.Model):
    """A booklet goes out like an invoice: kept as evidence, sent once."""

    _inherit = "contract.notice"

    kind = fields.Selection(selection_add=[BOOKLET], ondelete={"booklet": "cascade"})
    payment_booklet_id = fields.Many2one(
        "payment.booklet", string="Booklet", readonly=True, index="btree_not_null"
    )

    @api.model
    def _get_passed_on(self):
        return [*super()._get_passed_on(), "payment_booklet_id"]

    @api.model
    def _get_waiting_kinds(self):
        return [*super()._get_waiting_kinds(), "booklet"]

    def _attach_documents(self):
        booklet = self.payment_booklet_id
        if not booklet or self.channel != "email" or self.attachment_ids:
            return super()._attach_documents()
        self.attachment_ids = [
            Command.create(
                {
                    "name": booklet._get_file_name(),
                    "raw": booklet._render_pdf(),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        ]
        return None
