from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.contract_recurring.permission import check_permission


class CollectionReturnFile(models.Model):
    """A file of a bank (*retorno*), kept byte by byte, and the run that settles it.

    Its items are the events it told. Reading is all or nothing; settling goes in
    batches, each a transaction.
    """

    _name = "collection.return.file"
    _description = "Return File"
    _inherit = ["bank.file.mixin", "contract.run.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    _batch_size = 500
    _channel = "root.collection"
    _step_groups = {"start": "contract_recurring.group_contract_billing"}
    _protected_fields = frozenset({"state", "content", "sha256", "account_id"})
    _item_action = "contract_fiscal_br.collection_event_action"

    account_id = fields.Many2one(
        "collection.account", required=True, readonly=True, index=True
    )
    bank = fields.Selection(related="account_id.bank", store=True)
    filename = fields.Char(string="File Name", required=True, readonly=True)
    content = fields.Binary(
        string="File",
        readonly=True,
        copy=False,
        groups="contract_recurring.group_contract_billing",
    )
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True, copy=False)
    file_number = fields.Integer(
        string="Number of the Bank", readonly=True, help="The bank's own sequence."
    )
    created_on = fields.Date(
        string="Written On", readonly=True, help="The day the bank wrote the file."
    )
    line_count = fields.Integer(string="Lines", readonly=True)
    told_count = fields.Integer(
        string="Occurrences", readonly=True, help="As many as the file tells."
    )
    known_count = fields.Integer(
        string="Known Already",
        readonly=True,
        help="Told by another file or by the bank's API before: not settled again.",
    )
    repeats_id = fields.Many2one(
        "collection.return.file",
        readonly=True,
        help="An earlier file of the same day with the same number of the bank.",
    )
    item_ids = fields.One2many(
        "collection.event", "return_file_id", string="New Occurrences", readonly=True
    )
    look_count = fields.Integer(string="Needs a Look", compute="_compute_look_count")
    warning = fields.Text(compute="_compute_warning")

    _sha256_unique = models.UniqueIndex(
        "(account_id, sha256)", "This file was imported already."
    )
    _file_number_unique = models.UniqueIndex(
        "(account_id, created_on, file_number) "
        "WHERE file_number > 0 AND repeats_id IS NULL",
        "A file with this number of the bank was imported already.",
    )

    # === COMPUTES ===

    @api.depends("item_ids.to_look")
    def _compute_look_count(self):
        rows = self.env["collection.event"]._read_group(
            [("return_file_id", "in", self.ids), ("to_look", "=", True)],
            ["return_file_id"],
            ["__count"],
        )
        counts = dict(rows)
        for file in self:
            file.look_count = counts.get(file, 0)

    @api.depends("repeats_id", "known_count", "file_number")
    @api.depends_context("lang")
    def _compute_warning(self):
        for file in self:
            file.warning = "\n".join(file._get_warnings()) or False

    def _get_warnings(self):
        self.ensure_one()
        warnings = []
        if self.repeats_id:
            warnings.append(
                self.env._(
                    "The bank had used number %(number)s that day before, for "
                    "%(file)s. What both tell was settled once.",
                    number=self.file_number,
                    file=self.repeats_id.name,
                )
            )
        elif self.known_count:
            warnings.append(
                self.env._(
                    "%(count)s of %(total)s occurrences were known already and were "
                    "not settled again.",
                    count=self.known_count,
                    total=self.told_count,
                )
            )
        missing = self._get_missing_numbers()
        if missing:
            warnings.append(
                self.env._(
                    "Files of the bank are missing before this one: %(numbers)s. "
                    "Import them, too.",
                    numbers=missing,
                )
            )
        return warnings

    def _get_missing_numbers(self):
        """Return the numbers between this file and the one before it, in words."""
        self.ensure_one()
        if not (self.file_number and self.created_on):
            return ""
        domain = [("account_id", "=", self.account_id.id)]
        before = self.search(
            [*domain, ("file_number", ">", 0), ("file_number", "<", self.file_number)],
            order="file_number desc",
            limit=1,
        )
        gap = self.file_number - before.file_number - 1
        # many: the bank counts in another way, or there is nothing to compare with
        if not before or not 0 < gap < 10 or before.created_on > self.created_on:
            return ""
        first, last = before.file_number + 1, self.file_number - 1
        return str(first) if first == last else f"{first}–{last}"

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a bank told is never deleted."))

    # === ACTIONS ===

    def action_download(self):
        """Hand out the file: the same bytes the bank gave."""
        self.ensure_one()
        self._check_importer()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/collection.return.file/{self.id}/content"
            f"/{self.filename}?download=true",
            "target": "download",
        }

    def action_view_look(self):
        """Open what of this file needs a look."""
        return self.with_context(items_filter="to_look").action_view_items()

    @api.model
    def _check_importer(self):
        check_permission(self.env, self._step_groups["start"])

    # === PROCESSING ===

    def _cut_batches(self, items):
        """Cut by date of credit, so that few entries have each day's money."""
        ordered = items.sorted(lambda event: (event._get_entry_date(), event.id))
        return split_every(self._batch_size, ordered.ids, list)
