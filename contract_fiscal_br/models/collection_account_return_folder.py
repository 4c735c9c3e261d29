import logging
import shutil
from datetime import datetime
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import config

from ..exceptions import AccountBusyError

_logger = logging.getLogger(__name__)

DONE = "done"
REFUSED = "refused"
# A file younger than this may still be being written.
SETTLE_SECONDS = 10


def _get_now():
    return datetime.now().timestamp()


class CollectionAccount(models.Model):
    """Return files that another program puts into a folder of the server."""

    _inherit = "collection.account"

    return_folder = fields.Char(
        groups="contract_fiscal_br.group_collection_manager",
        help="Folder of return files, below “returns” and the name of the database in "
        "the server's data directory. What lies there is imported every ten minutes "
        "and moved to “done”, or to “refused” with the reason in a file beside it.",
    )

    @api.constrains("return_folder")
    def _check_return_folder(self):
        for account in self.filtered("return_folder"):
            root, folder = self._get_folder_root(), account._get_return_folder()
            if not folder or root not in folder.parents:
                raise ValidationError(
                    self.env._(
                        "“%(folder)s” lies outside of the folder for return files. "
                        "Give a name such as itau.",
                        folder=account.return_folder,
                    )
                )

            account._check_folder_is_own(folder)

    def _check_folder_is_own(self, folder):
        """Raise if another account, of whichever company, reads the same files."""
        others = self.sudo().with_context(active_test=False)
        for other in others.search([("return_folder", "!=", False)]) - others:
            taken = other._get_return_folder()
            if taken and (folder.is_relative_to(taken) or taken.is_relative_to(folder)):
                raise ValidationError(
                    self.env._(
                        "Another collection account reads the folder “%(folder)s”. "
                        "Give a name of its own, such as itau-2.",
                        folder=self.return_folder,
                    )
                )

    @api.model
    def _get_folder_root(self):
        root = Path(config["data_dir"]) / "returns" / self.env.cr.dbname
        return root.resolve()

    def _get_return_folder(self):
        """Return the folder with its links followed; None where the name is none."""
        self.ensure_one()
        try:
            return (self._get_folder_root() / self.sudo().return_folder).resolve()
        except (OSError, ValueError):
            return None

    # === CRON ===

    @api.model
    def _cron_import_folders(self):
        """Import what lies in the folders, each file in a transaction of its own."""
        accounts = self._search_with_titles([("return_folder", "!=", False)])
        for account in accounts:
            try:
                paths = account._list_folder()
            except OSError as error:
                _logger.warning("Return folder of %s: %s", account.name, error)
                continue
            for path in paths:
                account._import_path(path)
                self.env["ir.cron"]._commit_progress(1)

    def _list_folder(self):
        """Return the files that have lain still for a while, the oldest first.

        A link is none: it would be read from outside of the folder.
        """
        self.ensure_one()
        folder = self._get_return_folder()
        if not folder or self._get_folder_root() not in folder.parents:
            return []
        if not folder.is_dir():
            return []
        before = _get_now() - SETTLE_SECONDS
        files = [
            path
            for path in folder.iterdir()
            if path.is_file() and not path.is_symlink() and path.name[0] != "."
        ]
        files = [path for path in files if path.stat().st_mtime <= before]
        return sorted(files, key=lambda path: (path.stat().st_mtime, path.name))

    def _import_path(self, path):
        """Import one file and move it away, once that is in the database.

        A crash between the two imports the same bytes again, which adds nothing.
        """
        self.ensure_one()
        files, reason = self.env["collection.return.file"], ""
        name = files._clean_filename(path.name)
        try:
            with self.env.cr.savepoint():
                files._check_size(path.stat().st_size)
                files._import(path.read_bytes(), name, self)
        except (OSError, AccountBusyError) as error:
            # it stays where it is until the next run
            _logger.warning("Return file %s: %s", name, error)
            return
        except UserError as error:
            self.env.invalidate_all(flush=False)
            reason = str(error)
            self._message_log(
                body=self.env._(
                    "Return file %(file)s was refused: %(reason)s",
                    file=name,
                    reason=reason,
                )
            )
        self._after_commit(lambda: self._move_away(path, reason))

    @api.model
    def _after_commit(self, function):
        self.env.cr.postcommit.add(function)

    @api.model
    def _move_away(self, path, reason):
        folder = path.parent / (REFUSED if reason else DONE)
        folder.mkdir(exist_ok=True)
        target = folder / path.name
        if target.exists():
            target = folder / f"{datetime.now():%Y%m%d%H%M%S%f}-{path.name}"
        shutil.move(path, target)
        if reason:
            target.with_name(f"{target.name}.txt").write_text(reason, encoding="utf-8")
