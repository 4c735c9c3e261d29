from odoo import fields, models


class CollectionEvent(models.Model):
    """Which file an event came in."""

    _inherit = "collection.event"

    return_file_id = fields.Many2one(
        "collection.return.file",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _by_file = models.Index("(return_file_id, state) WHERE return_file_id IS NOT NULL")

    def _get_entry_ref(self, account, day):
        """Name the files whose payments an entry has."""
        ref = super()._get_entry_ref(account, day)
        files = self.return_file_id.mapped("filename")
        return ", ".join([ref, *files]) if files else ref
