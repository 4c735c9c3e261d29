from odoo import fields, models


class CollectionRemittanceGenerateLeftOut(models.TransientModel):
    """An instruction the next remittance leaves out, and why."""

    _name = "collection.remittance.generate.left.out"
    _description = "Left Out of the Next Remittance"

    wizard_id = fields.Many2one("collection.remittance.generate", ondelete="cascade")
    title_id = fields.Many2one("collection.title", readonly=True)
    partner_id = fields.Many2one(related="title_id.partner_id", string="Payer")
    message = fields.Char(string="Why", readonly=True)
