import base64

from odoo import api, models
from odoo.exceptions import UserError


class CollectionRemittance(models.Model):
    """Files put in a folder, where the bank's own program takes them."""

    _inherit = "collection.remittance"

    @api.model
    def _cron_deliver(self):
        """Put what was generated in the folders of its accounts.

        Only what was committed is delivered: a file nobody remembers would be written
        again under another number, and its boletos registered twice.
        """
        waiting = self.search(
            [("state", "=", "generated"), ("account_id.remittance_folder", "!=", False)]
        )
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(waiting))
        for remittance in waiting:
            try:
                remittance._deliver()
            except (UserError, OSError) as error:
                self.env.cr.rollback()
                remittance.account_id._remind(
                    self.env._(
                        "%(remittance)s could not be put in its folder: %(error)s",
                        remittance=remittance.name,
                        error=error,
                    )
                )
            if not crons._commit_progress(1):
                break

    def _deliver(self):
        """Put the file in the folder; the same bytes again if it is repeated.

        The name ends in .part until all of it is there.
        """
        self.ensure_one()
        path = self.account_id._get_remittance_path() / self.filename
        content = base64.b64decode(self.content)
        if path.exists() and path.read_bytes() != content:
            raise UserError(
                self.env._(
                    "another file of the name %(name)s lies there. Give each account a "
                    "folder of its own.",
                    name=path.name,
                )
            )
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)  # it may be a link
        part.write_bytes(content)
        part.rename(path)
        self.action_mark_sent()
