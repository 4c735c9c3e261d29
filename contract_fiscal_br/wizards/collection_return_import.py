import io
import lzma
import zlib
from zipfile import BadZipFile, ZipFile

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.collection_return_import import MAX_BYTES

# What a day's files of all banks never reach: more is no archive of returns.
MAX_FILES = 200
# What `zipfile` raises for an archive that is damaged, locked or of a strange kind.
DAMAGED = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    zlib.error,
)


class CollectionReturnImport(models.TransientModel):
    """Choosing return files, and what became of each."""

    _name = "collection.return.import"
    _description = "Import Return Files"

    attachment_ids = fields.Many2many(
        "ir.attachment",
        "collection_return_import_attachment_rel",
        string="Files",
        help="One or many return files (.RET), or archives (.zip) of them.",
    )
    account_id = fields.Many2one(
        "collection.account",
        help="Empty: each file says which account it belongs to.",
    )
    line_ids = fields.One2many("collection.return.import.line", "import_id")

    def action_import(self):
        """Import the files, each whole or not at all."""
        self.ensure_one()
        files = self.env["collection.return.file"]
        files._check_importer()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one return file."))
        named = self._read_attachments()
        lines = [self._import_one(name, data) for name, data in named]
        self.line_ids = [Command.clear(), *map(Command.create, lines)]
        self._drop_uploads()
        if len(lines) == 1 and lines[0]["file_id"]:
            return files.browse(lines[0]["file_id"]).get_formview_action()
        if len(lines) == 1:
            # a dialog of its own says it best
            raise UserError(lines[0]["message"])
        return self._reopen()

    def _drop_uploads(self):
        """Delete what was uploaded into the dialog; what others keep stays theirs."""
        uploads = self.attachment_ids.sudo().filtered(
            lambda attachment: attachment.res_model == self._name
        )
        self.attachment_ids = [Command.clear()]
        uploads.unlink()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return Files Imported"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _import_one(self, name, data):
        """Return the values of the line that says what became of a file."""
        files = self.env["collection.return.file"]
        is_known = bool(files._find_known(data))
        try:
            with self.env.cr.savepoint():
                file = files._import(data, name, self.account_id or None)
        except UserError as error:
            return {
                "name": name,
                "state": "refused",
                "message": str(error),
                "file_id": False,
            }
        return {
            "name": name,
            "state": "known" if is_known else "imported",
            "message": self._get_words(file, is_known),
            "file_id": file.id,
        }

    @api.model
    def _get_words(self, file, is_known):
        if is_known:
            return self.env._(
                "Imported before as %(file)s: nothing new.", file=file.name
            )
        return self.env._(
            "%(count)s occurrences, %(account)s",
            count=file.told_count,
            account=file.account_id.name,
        )

    # === WHAT WAS CHOSEN ===

    def _read_attachments(self):
        """Return [(name, bytes)] of the files, those of archives one by one."""
        named = []
        for attachment in self.attachment_ids.sorted("id"):
            data = attachment.raw or b""
            if data.startswith(b"PK\x03\x04"):
                named += self._unzip(attachment.name, data)
            else:
                named.append((attachment.name, data))
        return named

    @api.model
    def _unzip(self, name, data):
        """Return [(name, bytes)] of the files in an archive.

        :raise UserError: damaged, locked, or far larger than returns are
        """
        try:
            with ZipFile(io.BytesIO(data)) as archive:
                members = [info for info in archive.infolist() if not info.is_dir()]
                self._check_archive(name, members)
                return [
                    (info.filename.rsplit("/", 1)[-1], archive.read(info))
                    for info in members
                ]
        except DAMAGED as error:
            raise UserError(
                self.env._(
                    "%(name)s cannot be unpacked: it is damaged or has a password.",
                    name=name,
                )
            ) from error

    @api.model
    def _check_archive(self, name, members):
        size = sum(info.file_size for info in members)
        if not members or len(members) > MAX_FILES or size > MAX_BYTES:
            raise UserError(
                self.env._(
                    "%(name)s holds %(count)s files of %(size)s MB. An archive of "
                    "return files has from 1 to %(most)s files and %(largest)s MB at "
                    "most.",
                    name=name,
                    count=len(members),
                    size=size // 2**20,
                    most=MAX_FILES,
                    largest=MAX_BYTES // 2**20,
                )
            )
