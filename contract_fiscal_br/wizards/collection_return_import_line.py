from odoo import fields, models


class CollectionReturnImportLine(models.TransientModel):
    """What became of one file."""

    _name = "collection.return.import.line"
    _description = "Imported Return File"

    import_id = fields.Many2one(
        "collection.return.import", required=True, ondelete="cascade"
    )
    name = fields.Char(string="File", readonly=True)
    state = fields.Selection(
        [
            ("imported", "Imported"),
            ("known", "Known already"),
            ("refused", "Not imported"),
        ],
        readonly=True,
    )
    message = fields.Char(readonly=True)
    file_id = fields.Many2one("collection.return.file", string="Return", readonly=True)

    def action_open(self):
        self.ensure_one()
        return self.file_id.get_formview_action()
