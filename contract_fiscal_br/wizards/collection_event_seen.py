from odoo import fields, models


class CollectionEventSeen(models.TransientModel):
    """Taking events off the list of what needs a look, with a note."""

    _name = "collection.event.seen"
    _description = "Mark as Seen"

    event_ids = fields.Many2many("collection.event", required=True)
    note = fields.Char(help="What was found or done: it is kept with name and time.")

    def action_mark(self):
        self.event_ids._mark_seen(self.note)
