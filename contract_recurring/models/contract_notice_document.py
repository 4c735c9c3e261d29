from odoo import models
from odoo.fields import Command


class ContractNotice(models.Model):
    """What goes with an e-mail."""

    _inherit = "contract.notice"

    def _attach_documents(self):
        """Attach the PDF of each invoice, printed once, and its payment slips.

        The notice keeps copies: what was sent can be proved even if the invoice
        is printed anew. Equal files take no more room.
        """
        self.ensure_one()
        is_wanted = self.channel == "email" and self.template_id.is_invoice_attached
        if not is_wanted or self.attachment_ids:
            return
        documents = [
            document
            for move in self.move_ids
            for document in move._prepare_notice_documents()
        ]
        self.attachment_ids = [
            Command.create({**document, "res_model": self._name, "res_id": self.id})
            for document in documents
        ]
