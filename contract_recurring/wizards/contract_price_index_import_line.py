from odoo import fields, models


class ContractPriceIndexImportLine(models.TransientModel):
    """A problem of a file of index values: where it is and what to do."""

    _name = "contract.price.index.import.line"
    _description = "Index Import Problem"
    _order = "severity, line_number, id"

    import_id = fields.Many2one(
        "contract.price.index.import", required=True, ondelete="cascade"
    )
    severity = fields.Selection([("error", "Error"), ("warning", "Warning")])
    line_number = fields.Integer(string="Line")
    column = fields.Char()
    message = fields.Char(string="Problem")
