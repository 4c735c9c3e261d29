import hashlib
import re

from odoo import api, models
from odoo.exceptions import LockError, UserError

from ..exceptions import AccountBusyError
from ..tools.return_header import get_bank

# Far more than the returns of a day; a file of the bank has 400 bytes a title.
MAX_BYTES = 50 * 1024 * 1024
NO_NAME = re.compile(r"[^\w .()-]")


class CollectionReturnFile(models.Model):
    """Importing: a file is taken whole or leaves nothing."""

    _inherit = "collection.return.file"

    @api.model
    def _import(self, data, filename, account=None):
        """Take a file and let jobs settle it; return its record.

        The same bytes give the record of the first time, and nothing new.

        :param bytes data: as the bank gave them
        :param account: whose file it is; None: the file says
        :raise UserError: what is wrong with it, for a clerk
        """
        self._check_size(len(data))
        (account or self.env["collection.account"]).check_access("read")
        known = self._find_known(data)
        if known:
            return known
        account, found = self._read(data, account or self._get_accounts(data))
        self._lock_account(account)
        file = self.sudo().create(self._prepare_file(account, found, data, filename))
        file._take(found)
        return file.with_env(self.env)

    @api.model
    def _find_known(self, data):
        """Return the record of the same bytes, as far as the user may see it."""
        return self.search([("sha256", "=", self._get_digest(data))], limit=1)

    @api.model
    def _check_size(self, size):
        """Raise for more bytes than a return file ever has."""
        if size > MAX_BYTES:
            raise UserError(
                self.env._(
                    "The file has %(size)s MB, and a return file %(largest)s MB at "
                    "most. Choose another file.",
                    size=size // 2**20,
                    largest=MAX_BYTES // 2**20,
                )
            )

    @api.model
    def _clean_filename(self, filename):
        """Return the name without folders and without what no name of a bank has.

        It becomes part of an address, and another program may have chosen it.
        """
        name = filename.replace("\\", "/").rsplit("/", 1)[-1]
        return NO_NAME.sub("_", name)[-100:].lstrip(".") or "_"

    @api.model
    def _get_digest(self, data):
        return hashlib.sha256(data).hexdigest()

    def _take(self, found):
        """Store what the file tells and begin to settle it."""
        self.ensure_one()
        new = self.env["collection.event"]._receive(
            self.account_id, found.events, return_file_id=self.id
        )
        self.known_count = self.told_count - len(new)
        self.account_id._get_backend()._take_return(self.account_id, found)
        self._start(self._get_items("pending"))

    @api.model
    def _prepare_file(self, account, found, data, filename):
        earlier = self.sudo().search(
            [
                ("account_id", "=", account.id),
                ("created_on", "=", found.created_on),
                ("file_number", "=", found.file_number),
                ("file_number", ">", 0),
                ("repeats_id", "=", False),
            ],
            limit=1,
        )
        return {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "filename": self._clean_filename(filename),
            "raw_content": data,
            "sha256": self._get_digest(data),
            "file_number": found.file_number,
            "created_on": found.created_on,
            "line_count": found.lines,
            "told_count": len(found.events),
            "repeats_id": earlier.id,
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the exact bytes, beside the record."""
        contents = [vals.pop("raw_content", None) for vals in vals_list]
        files = super().create(vals_list)
        for file, data in zip(files, contents, strict=True):
            if data is not None:
                file._keep_content(data)
        return files

    # === WHOSE FILE ===

    @api.model
    def _get_accounts(self, data):
        """Return the accounts of the bank that the file says it is of.

        :raise UserError: none, so nobody could settle it
        """
        bank = get_bank(data)
        found = self.env["collection.account"].with_context(active_test=False)
        found = found.search([("company_id", "in", self.env.companies.ids)])
        accounts = self.env["collection.account"].browse(found.ids)
        of_bank = accounts.filtered(lambda account: account.bank == bank)
        if not accounts:
            raise UserError(
                self.env._("There is no collection account yet. Add one first.")
            )
        if bank and not of_bank:
            raise UserError(
                self.env._(
                    "This file is of bank %(bank)s, and no collection account is. "
                    "Choose another file, or add the account first.",
                    bank=bank,
                )
            )
        # bytes that name no bank are refused by the reader, in its own words
        return of_bank or accounts[:1]

    @api.model
    def _read(self, data, accounts):
        """Return (account, `ReturnFile`) of the account the file belongs to.

        :raise UserError: what is wrong with the file, or whose it is not
        """
        taken, refusals = [], []
        for account in accounts:
            try:
                found = account._get_driver()._read_return(account, data)
            except UserError as error:
                refusals.append((account, str(error)))
            else:
                taken.append((account, found))
        # an archived account takes what no other does: its boletos may still be paid
        taken = [pair for pair in taken if pair[0].active] or taken
        if len(taken) == 1:
            return taken[0]
        if taken:
            raise UserError(
                self.env._(
                    "The file fits several collection accounts: %(accounts)s. Choose "
                    "the account and import it again.",
                    accounts=", ".join(account.name for account, _found in taken),
                )
            )
        raise UserError(self._join_refusals(refusals))

    @api.model
    def _join_refusals(self, refusals):
        """Return why none of the accounts takes a file, each reason once."""
        reasons = {reason for _account, reason in refusals}
        if len(reasons) == 1:
            return reasons.pop()
        return "\n".join(f"{account.name}: {reason}" for account, reason in refusals)

    @api.model
    def _lock_account(self, account):
        """Import one file of an account at a time."""
        try:
            account.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise AccountBusyError(
                self.env._(
                    "%(account)s is being billed, or another of its files imported. "
                    "Try again in a moment.",
                    account=account.name,
                )
            ) from error
