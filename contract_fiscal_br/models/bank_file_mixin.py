from odoo import models

# No kind of text, or the words of the file would be copied to the database.
MIMETYPE = "application/x-cnab"


class BankFileMixin(models.AbstractModel):
    """A file that goes to a bank or came from it, kept byte by byte in `content`."""

    _name = "bank.file.mixin"
    _description = "File of a Bank"

    def _keep_content(self, data):
        """Keep the bytes as they are.

        Written to the field they would be encoded and, being text, copied to the
        database as well, for the search of attachments.
        """
        self.ensure_one()
        self.env["ir.attachment"].sudo().create(
            {
                "name": "content",
                "res_model": self._name,
                "res_field": "content",
                "res_id": self.id,
                "raw": data,
                "mimetype": MIMETYPE,
            }
        )
        self.invalidate_recordset(["content"])
